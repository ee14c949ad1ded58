"""What the check-up says, in English; other languages know each sentence by its code."""

from typing import Final

from lmarena_bridge.core.sentences import Template

# -- the links of the chain ---------------------------------------------------------------------------------

FILES: Final = Template("doctor.files", "Files")()
BRIDGE: Final = Template("doctor.bridge", "Bridge")()
BROWSER: Final = Template("doctor.browser", "Browser")()
TAB: Final = Template("doctor.tab", "Tab")()
MODELS: Final = Template("doctor.models", "Models")()
SESSIONS: Final = Template("doctor.sessions", "Sessions")()
SESSION: Final = Template("doctor.session", "Session")()
FILE_BED: Final = Template("doctor.file.bed", "File bed")()
ANSWER: Final = Template("doctor.answer", "Answer")()

# -- files --------------------------------------------------------------------------------------------------

FILES_GOOD: Final = Template("doctor.files.good", "{home}: nothing is wrong")
FILES_TO_COME: Final = Template(
    "doctor.files.to.come", "{home}: created when the bridge starts for the first time"
)
FILES_MORE: Final = Template("doctor.files.more", "{problem} (and {more} more)")
MEND_FILE: Final = Template(
    "doctor.files.mend", "Mend {place}. All mistakes are listed by: lmarena-bridge config check"
)
LOOK_AT_FILE: Final = Template("doctor.files.look", "Look at {place}: lmarena-bridge config check")

# -- the bridge ---------------------------------------------------------------------------------------------

RUNNING: Final = Template("doctor.bridge.running", "{url}, version {version}")
RESTART: Final = Template(
    "doctor.bridge.restart", "Restart the bridge: version {installed} is installed, {running} still runs."
)
START_AGAIN: Final = Template("doctor.bridge.start.again", "Stop the bridge and start it again: {command}")
PORT_TAKEN: Final = Template(
    "doctor.bridge.port.taken", "not running, and another program listens at its port"
)
OTHER_PORT: Final = Template("doctor.bridge.other.port", "Start it at another port: {command}")
NOT_RUNNING: Final = Template("doctor.bridge.not.running", "not running")
START: Final = Template("doctor.bridge.start", "Start the bridge in another terminal: {command}")

# -- the browser --------------------------------------------------------------------------------------------

NO_BROWSER: Final = Template("doctor.browser.none", "no Chrome, Chromium, Edge or Brave; Firefox works, too")

# -- tabs ---------------------------------------------------------------------------------------------------

TABS_UNKNOWN: Final = Template("doctor.tab.unknown", "only a running bridge knows its tabs")
NO_TAB: Final = Template("doctor.tab.none", "no LMArena tab is connected")
INSTALL_AND_OPEN: Final = Template(
    "doctor.tab.install",
    "Install the userscript, once: {script} - then open {site} and leave the tab open. If the browser asks "
    "whether the site may reach apps on this device, allow it.",
)
TAB_SEEN: Final = Template("doctor.tab.seen", "{browser} at {origin}, script {version}, {place}")
IN_FRONT: Final = Template("doctor.tab.in.front", "in front")
IN_BACKGROUND: Final = Template("doctor.tab.in.background", "in the background")
FROZEN: Final = Template("doctor.tab.frozen", "frozen")
WANTS_PERSON: Final = Template("doctor.tab.wants.person", "{tab}; the site wants to see a person")
THAW: Final = Template("doctor.tab.thaw", "Bring the LMArena tab to the front: the browser froze it.")
INSTALL_AGAIN: Final = Template(
    "doctor.tab.install.again", "Install the script again, it is of another version: {script}"
)

# -- models and sessions ------------------------------------------------------------------------------------

MODELS_LATER: Final = Template("doctor.models.later", "not before the files are mended")
NO_MODELS: Final = Template("doctor.models.none", "none is set up")
CHOOSE_MODEL: Final = Template(
    "doctor.models.choose",
    "Choose a model: lmarena-bridge models update, then lmarena-bridge models add NAME",
)
MODELS_GOOD: Final = Template("doctor.models.good", "{number} set up")
MODELS_GONE: Final = Template("doctor.models.gone", "{number} set up; gone from the site: {names}")
SEE_CHANGED: Final = Template(
    "doctor.models.see.changed", "See which ids have changed: lmarena-bridge models list --mapped"
)
NO_SESSIONS: Final = Template("doctor.sessions.none", "no model has one that can be used")
CAPTURE_FIRST: Final = Template(
    "doctor.sessions.capture", "Open a chat on the site, then take its session: {command}"
)
SESSIONS_GOOD: Final = Template("doctor.sessions.good", "{some} of {all} models have one")
SESSIONS_SOME: Final = Template(
    "doctor.sessions.some", "{some} of {all} models have one; without one: {names}"
)
ASIDE: Final = Template("doctor.sessions.aside", "of {model}: set aside. {reason}")
DEFAULT_ASIDE: Final = Template("doctor.sessions.default.aside", "for all other models: set aside. {reason}")
CAPTURE_AGAIN: Final = Template("doctor.sessions.capture.again", "Capture it again: {command}")
ELSEWHERE: Final = Template(
    "doctor.sessions.elsewhere", "{some} of {all} belong to a browser profile that has no tab open"
)
OPEN_THERE: Final = Template(
    "doctor.sessions.open.there",
    "Open {site} in the browser they were captured in, or capture them again: {command}",
)

# -- the file bed -------------------------------------------------------------------------------------------

UPLOADED_TO: Final = Template("doctor.file.bed.elsewhere", "files are uploaded to {url}")
LINKS_BEGIN: Final = Template("doctor.file.bed.links", "links begin with {url}")
LINKS_UNREACHABLE: Final = Template(
    "doctor.file.bed.unreachable", "links begin with {address}, which the site cannot reach"
)
OWN_ADDRESS: Final = Template("doctor.file.bed.own.address", "this computer's own address")
OPEN_FILE_BED: Final = Template(
    "doctor.file.bed.open",
    "Make the file bed reachable from the internet and set file_bed_public_url in config.jsonc to its "
    "address there; or switch off file_bed_enabled.",
)

# -- the answer ---------------------------------------------------------------------------------------------

ANSWER_LATER: Final = Template("doctor.answer.later", "not before the rest is in order")
NOBODY_ASKED: Final = Template("doctor.answer.nobody", "nobody was asked")
TRY: Final = Template("doctor.answer.try", "See whether an answer comes: lmarena-bridge doctor --yes")
NO_ANSWER: Final = Template("doctor.answer.none", "{model} did not answer")
ANSWERED: Final = Template("doctor.answer.good", "{model} in {seconds} s: {said}")
USE: Final = Template(
    "doctor.answer.use", "Everything works. Give your program the base URL {url}, model {model}"
)
