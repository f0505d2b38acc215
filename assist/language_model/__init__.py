"""A tenant's own language model: asked briefly, answered strictly, never relied upon."""
