"""The form of a page that asks no questions of ours: what a browser posts with our token in it."""

from flask_wtf import FlaskForm

from forms_app.forms.definition import StepForm


class PostForm(FlaskForm):
    """A form of a page that asks no questions; its CSRF token is all that is checked."""

    class Meta(StepForm.Meta):
        """Our own sentences, with CSRF."""

        csrf = True
