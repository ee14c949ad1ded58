"""The reasoning model: what it thinks aloud before it answers."""

from lmarena_bridge.demo.answers.voice import voice_for
from lmarena_bridge.demo.conversation import Conversation


def thoughts(conversation: Conversation) -> str:
    """A few sentences about the conversation, in its language."""
    question = conversation.question[:120]
    earlier = len(conversation.spoken) - 1
    words = len(conversation.question.split())
    if voice_for(conversation).language == "pl":
        return (
            f"Użytkownik pisze: „{question}”. To {words} słów. Wcześniejszych wiadomości: {earlier}. "
            "Sprawdzam, czy któraś z moich reguł pasuje… Tak, pasuje. Odpowiem krótko i uprzejmie."
        )
    return (
        f"The user wrote “{question}”, which is {words} words. Earlier messages: {earlier}. "
        "Let me see which of my rules fits… One does. I will keep it short and kind."
    )
