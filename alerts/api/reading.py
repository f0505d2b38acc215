from typing import Any

from rest_framework.request import Request


def read(shape_class: Any, request: Request) -> dict[str, Any]:
    """What a body says, by the serializer of its shape."""
    shape = shape_class(data=request.data)
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)
