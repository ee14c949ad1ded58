"""What the bridge itself starts or asks on the outside."""
