"""A patient's earlier chest radiographs: asked from an archive, fetched, and shown beside the new one."""
