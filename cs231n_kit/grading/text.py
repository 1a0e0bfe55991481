"""Students' ids and texts, made safe for a path, a terminal, a page and a spreadsheet."""

import unicodedata

LONGEST = 100  # characters of an id
MARKS = ".@-_"
JOINERS = "\u200c\u200d"  # scripts and emoji need them
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for the beginning of a formula


def why_no_id(name, known=False):
    """Return why a name cannot be a student's id, in words; None if it can.

    Parameters
    ----------
    known : it stands in the roster: then it need only be a name that a folder can have
    """
    if not name or name != visible(name) or "/" in name or "\\" in name or name.startswith("."):
        return "it has characters that are none of a name's"
    if known:
        return None
    if len(name) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if not unicodedata.is_normalized("NFKC", name):
        return (
            f"it is written in another way than {unicodedata.normalize('NFKC', name)!r}, which looks the same"
        )
    if not name[0].isalnum():
        return "it does not begin with a letter or a digit"
    wrong = sorted({c for c in name if unicodedata.category(c)[0] not in "LNM" and c not in MARKS})
    if wrong:
        return f"it has {' '.join(wrong)} in it: letters, digits and {' '.join(MARKS)} are allowed"
    return None


def visible(text, keep=""):
    """Return a text with control characters (escape sequences, bidirectional controls) written out: \\x1b, \\u202e."""
    return "".join(c if c in keep or not _unseen(c) else ascii(c)[1:-1] for c in text)


def _unseen(character):
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in JOINERS


def spreadsheet_cell(text):
    """Return a text as a cell of a CSV file that no spreadsheet takes for a formula."""
    text = visible(text)
    return f"'{text}" if text.startswith(FORMULA) else text
