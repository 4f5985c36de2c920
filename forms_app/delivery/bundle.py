"""A parcel as one file, for receivers that take one: a zip file with everything in it, the manifest too."""

import io
import zipfile

from forms_app.delivery.parcel import MANIFEST, Parcel, ParcelFile


def bundled(parcel: Parcel) -> bytes:
    """The same bytes for equal parcels. What is sealed is not compressed: it cannot get smaller."""
    packed = io.BytesIO()
    method = zipfile.ZIP_STORED if parcel.is_sealed else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w", method) as archive:
        for file in (*parcel.files, ParcelFile(name=MANIFEST, content=parcel.manifest())):
            entry = zipfile.ZipInfo(file.name, parcel.label.accepted_at.timetuple()[:6])
            entry.external_attr = 0o640 << 16
            archive.writestr(entry, file.content, method)
    return packed.getvalue()


def bundle_name(parcel: Parcel) -> str:
    """Begins with the reference, for people, and holds the delivery's key, by which a repeat is recognised."""
    return f"{parcel.label.reference}.{parcel.label.key.replace(':', '-')}.zip"
