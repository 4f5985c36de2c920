"""The words of a mail about alarms, in the language of the commands that it leads to."""

from collections.abc import Iterator, Mapping, Sequence

from forms_app.books.alarms import MEANING, Alarm, AlarmKind
from forms_app.sealing.canonical import moment_text
from forms_app.storage.alarm_tables import Turn
from forms_app.storage.alarms import KnownAlarm

MOST_NAMED = 20
_TURNS = {
    Turn.BEGINS: ("begins", "begin"),
    Turn.GROWS: ("grows", "grow"),
    Turn.LASTS: ("lasts", "last"),
    Turn.ENDS: ("is over", "are over"),
}


def as_mail(unsent: Sequence[KnownAlarm], present: Mapping[tuple[str, str], Alarm]) -> tuple[str, str]:
    """Subject and text. `present` holds what is wrong at this moment, by kind and subject."""
    counts = {turn: sum(one.unsent is turn for one in unsent) for turn in Turn}
    parts = [f"{count} {_TURNS[turn][count != 1]}" for turn, count in counts.items() if count]
    subject = f"Portal: alarms, {', '.join(parts)}"
    in_order = sorted(unsent, key=lambda one: (list(Turn).index(one.unsent or Turn.ENDS), one.kind, one.subject))
    paragraphs = ["\n".join(_lines(one, present.get((one.kind, one.subject)))) for one in in_order]
    return subject, "\n\n".join(paragraphs) + "\n"


def _lines(one: KnownAlarm, alarm: Alarm | None) -> Iterator[str]:
    turn = _TURNS[one.unsent or Turn.ENDS][0].upper()
    about = f", {one.subject}" if one.subject else ""
    if alarm is None:
        yield f"{turn}  {one.kind}{about}, since {moment_text(one.began_at)}"
        return
    yield f"{turn}  {one.kind}{about}: {alarm.count}, since {moment_text(one.began_at)}"
    meaning, deed = MEANING[AlarmKind(one.kind)]
    yield meaning
    if alarm.detail:
        yield f"({alarm.detail})"
    yield from alarm.names[:MOST_NAMED]
    if len(alarm.names) > MOST_NAMED or alarm.count > len(alarm.names) > 0:
        yield f"and {alarm.count - min(MOST_NAMED, len(alarm.names))} more"
    yield f"What to do: {deed}"
