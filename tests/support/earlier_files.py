"""The files of a person who comes from an earlier bridge, as such files are found on disks.

They have what people's files have: escaped slashes, comments of all kinds, commas at the end, texts that look
like comments, single sessions and lists of them, models without an id and of other kinds.
"""

SETTINGS = r"""// Settings of my bridge
{
  // Which release this is; compared when looking for updates.
  "version": "2.7.6",

  /* The two ids. They come from
     the last "Retry" click. */
  "session_id": "5f3c5a0e-6a54-4d0e-9d3e-0d3f0a9c1b11", // mine
  "message_id": "0b8f2c1d-93b1-4a43-8a68-7f6f5e2d4c22",

  // "direct_chat" or "battle" // "battle" by default
  "id_updater_last_mode": "battle",
  "id_updater_battle_target": "B",

  "enable_auto_update": true,
  "bypass_enabled": true,
  "tavern_mode_enabled": false,

  // Where the file bed takes uploads. Keep the \/ in it!
  "file_bed_enabled": false,
  "file_bed_upload_url": "http:\/\/127.0.0.1:5180\/upload",
  "file_bed_api_key": "keep \/* me *\/ \/\/ whole",

  "use_default_ids_if_mapping_not_found": true,
  "stream_response_timeout_seconds": 360,
  "enable_idle_restart": true,
  "idle_restart_timeout_seconds": -1, // never

  // Empty: anyone on this computer
  "api_key": "",
}
"""

MODELS = r"""{
    "chat-model-a": "9d1b6f0c-2f3e-4a77-8b1d-3c5e7f9a1b33",
    "chat-model-b": "null",
    "image-model-a": "1c7e4d2a-5b6f-4c88-9e0a-6d8f0b2c4e44:image",
    "image-model-b": "null:image",
    "search\/model \u00e9": "7a2b9c4d-1e3f-4b55-a6c7-8d9e0f1a2b55:search"
}"""

SESSIONS = r"""{
  "chat-model-a": {
    "session_id": "11111111-2222-4333-8444-555555555555",
    "message_id": "66666666-7777-4888-9999-aaaaaaaaaaaa"
  },
  "chat-model-b": [
    {
      "session_id": "b1b1b1b1-0000-4000-8000-000000000001",
      "message_id": "c1c1c1c1-0000-4000-8000-000000000001",
      "mode": "direct_chat"
    },
    // the second account
    {
      "session_id": "b2b2b2b2-0000-4000-8000-000000000002",
      "message_id": "c2c2c2c2-0000-4000-8000-000000000002",
      "mode": "battle",
      "battle_target": "a"
    },
  ],
  "image-model-a": []
}
"""


def on_windows(text: str) -> bytes:
    """The text as the editor of Windows saves it: with a byte order mark and other line ends."""
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8")


def on_unix(text: str) -> bytes:
    return text.encode("utf-8")
