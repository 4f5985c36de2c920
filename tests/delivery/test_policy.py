"""Waits grow, stay under their cap, and span about two days."""

from hypothesis import given
from hypothesis import strategies as st

from forms_app.delivery.policy import RetryPolicy
from forms_app.storage.deliveries import NewDelivery


def test_the_waits_double_up_to_the_cap() -> None:
    policy = RetryPolicy(base_seconds=10, cap_seconds=60)
    assert [policy.wait(attempt, lambda: 0.5) for attempt in range(1, 6)] == [10, 20, 40, 60, 60]


def test_the_default_spans_about_two_days() -> None:
    policy = RetryPolicy()
    span = sum(policy.wait(attempt, lambda: 0.5) for attempt in range(1, NewDelivery.max_attempts))
    assert 1.8 * 86_400 < span < 2.2 * 86_400


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_jitter_moves_a_wait_by_a_quarter_at_most(attempt: int, jitter: float) -> None:
    policy = RetryPolicy()
    middle = policy.wait(attempt, lambda: 0.5)
    assert 0.75 * middle <= policy.wait(attempt, lambda: jitter) <= 1.25 * middle
