import pytest

from lmarena_bridge.demo.tool_use.intent import Create, Intent, Replace, Run, Show, read_intent


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Create hello.py that prints hi.", Create("hello.py", 'print("hi")\n')),
        ("Create hello.py that prints 'hi there'", Create("hello.py", 'print("hi there")\n')),
        ('Please write a file called notes/a.txt with the text "one"!', Create("notes/a.txt", "one\n")),
        ("Make a script run.sh that prints done", Create("run.sh", "done\n")),
        ("Create a new file a.md", Create("a.md", "Hello from the practice arena.\n")),
        ("Replace beta with gamma in notes.txt.", Replace("notes.txt", "beta", "gamma")),
        ("In notes.txt, change `a b` to `c d`.", Replace("notes.txt", "a b", "c d")),
        ("Show me the file notes.txt", Show("notes.txt")),
        ("What is in src/app.py?", Show("src/app.py")),
        ("Run `ls -la`", Run("ls -la")),
        ("Execute the command: make test", Run("make test")),
        ("List the files here", Run("ls")),
        ("What is the weather in Oslo?", None),
        ("Hello", None),
        ("", None),
    ],
)
def test_what_a_question_wants(question: str, intent: Intent | None) -> None:
    assert read_intent(question) == intent
