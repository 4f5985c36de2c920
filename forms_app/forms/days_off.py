"""What people call the days on which no deadline can end."""

from collections.abc import Mapping

from forms_app.countries import DayOff
from forms_app.forms.text import Text
from forms_app.language import lazy_gettext as _

DAYS_OFF: Mapping[DayOff, Text] = {
    DayOff.WEEKEND: _("weekend"),
    DayOff.NEW_YEARS_DAY: _("New Year's Day"),
    DayOff.MAUNDY_THURSDAY: _("Maundy Thursday"),
    DayOff.GOOD_FRIDAY: _("Good Friday"),
    DayOff.EASTER_SUNDAY: _("Easter Sunday"),
    DayOff.EASTER_MONDAY: _("Easter Monday"),
    DayOff.LABOUR_DAY: _("Labour Day"),
    DayOff.CONSTITUTION_DAY: _("Constitution Day"),
    DayOff.PRAYER_DAY: _("Great Prayer Day"),
    DayOff.ASCENSION_DAY: _("Ascension Day"),
    DayOff.WHIT_SUNDAY: _("Whit Sunday"),
    DayOff.WHIT_MONDAY: _("Whit Monday"),
    DayOff.CHRISTMAS_DAY: _("Christmas Day"),
    DayOff.SECOND_CHRISTMAS_DAY: _("Boxing Day"),
    DayOff.OTHER_HOLIDAY: _("public holiday"),
}
