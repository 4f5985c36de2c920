"""The rights that the self-check knows, with what each law asks for. Sources: the facts files.

Norway has a right to a coordinator. Denmark has no general one, so there it is told which plans and guides the
municipality must or may offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from forms_app.countries import Country
from forms_app.forms.rights import ALWAYS, Condition, Right, all_of, either, said
from forms_app.forms.text import Text, with_facts
from forms_app.language import lazy_gettext as _

_FOR_CHILD = said("concerns", "child")
_FOR_ADULT = said("concerns", "myself", "other")
_FOR_OTHER_ADULT = said("concerns", "other")

_HEALTH_CARE = said("health_care", "yes")
_LASTING = said("lasting", "yes")
_TOGETHER = said("together", "together")
_COMPLEX = said("complex", "yes")

_IN_NORWAY = (
    Right(
        key="child_coordinator",
        name=_("a child coordinator"),
        gives=with_facts(
            _(
                "It is for the whole family, also before the child is born, and until the child is %(age)s. "
                "Nobody needs to wait for a diagnosis."
            ),
            age="age_child_coordinator_until",
        ),
        source="PBRL § 2-5 c; HOL § 7-2 a",
        page="child_coordinator",
        duty=all_of(
            said("serious", "yes"), _HEALTH_CARE, _LASTING, either(_TOGETHER, _COMPLEX), said("welfare", "yes")
        ),
        concerns=_FOR_CHILD,
    ),
    Right(
        key="coordinator",
        name=_("a coordinator"),
        gives=_("It has no age limit, asks for no diagnosis, and takes no individual plan."),
        source="PBRL § 2-5 b; HOL § 7-2; FHRK § 16",
        page="coordinator",
        # The patient rights act also names complex needs, but refers to HOL § 7-2 for the municipality, whose duty is
        # to those whose services are lasting and coordinated.
        duty=all_of(_HEALTH_CARE, _LASTING, _TOGETHER),
        possible=all_of(_HEALTH_CARE, _COMPLEX),
    ),
    Right(
        key="individual_plan",
        name=_("an individual plan"),
        gives=_(
            "It is made only if you want it. The municipality, the hospital, NAV and child welfare each have a duty "
            "to start it."
        ),
        source="PBRL § 2-5; HOL § 7-1; FIP §§ 4–9",
        page="plan",
        duty=all_of(_LASTING, _TOGETHER),
        is_beside=True,
    ),
)

_PLACED = said("support", "placed")
_SUPPORTED = said("support", "placed", "at_home")
_JOINT = all_of(_COMPLEX, _TOGETHER)

_IN_DENMARK = (
    Right(
        key="family_guide",
        name=_("a family guide"),
        gives=with_facts(
            _(
                "The municipality must offer it within %(time)s after it has heard of the disability. The guide tells "
                "the family about its rights."
            ),
            time="family_guide",
        ),
        source="BARN § 81; FAMBEK §§ 1–6",
        page="child_coordinator",
        duty=said("permanent", "yes"),
        concerns=_FOR_CHILD,
    ),
    Right(
        key="child_plan",
        name=_("a plan for the child"),
        gives=with_facts(
            _(
                "When a child gets support, the municipality must consider a plan. When a child is placed away from "
                "home, it must make one. It shall be ready within %(time)s."
            ),
            time="child_plan",
        ),
        source="BARN §§ 91–92",
        page="plan",
        duty=_PLACED,
        possible=_SUPPORTED,
        concerns=said("youth", "no"),
    ),
    Right(
        key="youth_plan",
        name=_("a youth plan"),
        gives=with_facts(
            _(
                "When a young person gets support, the municipality must consider a plan towards adult life. When the "
                "young person is placed away from home, it must make one. It shall be ready within %(time)s."
            ),
            time="youth_plan",
        ),
        source="BARN §§ 108–109",
        page="plan",
        duty=_PLACED,
        possible=_SUPPORTED,
        concerns=said("youth", "yes"),
    ),
    Right(
        key="joint_plan_family",
        name=_("a joint plan"),
        gives=with_facts(
            _(
                "It gathers several plans in one, for young people of %(age)s or more and for parents. The "
                "municipality may offer it, and it takes consent."
            ),
            age="age_joint_plan",
        ),
        source="BARN §§ 78, 93, 110",
        page="plan",
        possible=_JOINT,
        concerns=_FOR_CHILD,
    ),
    Right(
        key="action_plan",
        name=_("an action plan"),
        gives=_(
            "The municipality must offer it when the ability to function is significantly reduced, or the social "
            "problems are serious. To others it must consider it."
        ),
        source="SEL § 141",
        page="plan",
        duty=all_of(said("reduced", "yes"), said("working_age", "yes")),
        possible=said("working_age", "yes"),
        concerns=_FOR_ADULT,
    ),
    Right(
        key="joint_plan",
        name=_("a joint plan"),
        gives=_("It gathers several plans in one. The municipality may offer it, and it takes consent."),
        source="SEL §§ 141–142",
        page="plan",
        possible=_JOINT,
        concerns=_FOR_ADULT,
    ),
)

RIGHTS: Mapping[Country, tuple[Right, ...]] = {Country.NORWAY: _IN_NORWAY, Country.DENMARK: _IN_DENMARK}
"""In the order in which people want to hear of them."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Something that is worth knowing whatever the answer is; `concerns` says to whom."""

    text: Text
    source: str
    concerns: Condition = ALWAYS


ADVICE: Mapping[Country, tuple[Advice, ...]] = {
    Country.NORWAY: (
        Advice(
            text=_(
                "Is the help from a hospital? When the needs are complex, or lasting and in need of coordination, the "
                "hospital too must offer a coordinator. Ask the ward."
            ),
            source="FHRK § 17",
            concerns=said("health_care", "no"),
        ),
        Advice(
            text=with_facts(
                _("A young person of %(age)s or more decides on health care and signs the application."),
                age="age_health",
            ),
            source="PBRL § 4-3",
            concerns=_FOR_CHILD,
        ),
        Advice(
            text=_("You can apply for another adult when you have a power of attorney. You can send it later."),
            source="FVL67 § 12",
            concerns=_FOR_OTHER_ADULT,
        ),
    ),
    Country.DENMARK: (
        Advice(
            text=_(
                "The municipality must always look at the whole situation, and you have a right to take part. You can "
                "ask for one plan, one contact person and a meeting with everyone."
            ),
            source="RSL §§ 4–6",
        ),
        Advice(
            text=_("You can ask on behalf of another adult when you have a power of attorney. You can send it later."),
            source="FVLDK § 8",
            concerns=_FOR_OTHER_ADULT,
        ),
    ),
}
