"""What a case worker typed is never lost: where it could not be taken, it is shown and can be sent again."""

from flask import Response, request

from forms_app.web.staff.frame import page


def resend_page(title: str, *, status: int, is_moving: bool = False) -> Response:
    """Everything that was posted, in a form that posts it again to the same place.

    With 401 they must log in first, with 503 wait. A page of another site that makes a browser post ends here too.
    """
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return page(
        "resend.html",
        title=title,
        status=status,
        is_out=status == 401,
        is_busy=status == 503,
        is_moving=is_moving,
        kept=kept,
        shown=[value for unused_name, value in kept if "\n" in value or " " in value],
        action=request.path,
        has_files=bool(request.files),
    )
