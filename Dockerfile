# Hilum as an image: no torch, no compiler, no root. docs/deploy.md says how to run it.
# Where there is no Docker, scripts/build-image builds it.
ARG BASE=docker.io/library/python:3.12-slim-bookworm

# A wheel of this checkout, in an environment with what it depends on. A private package index or a certificate
# authority of your own is given as a secret and leaves no trace in the image; npm, which the viewer is built with, has
# its own: docker build --secret id=pip.conf,src=... --secret id=npmrc,src=... --secret id=certificates,src=...
FROM ${BASE} AS wheel
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python3 -m venv /opt/hilum
COPY pyproject.toml requirements.lock ./
# Each package as `make lock` found it, by its hash: another file under the same name is not installed.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/run/secrets/certificates \
    /opt/hilum/bin/pip install --quiet --require-hashes --requirement requirements.lock
COPY README.md LICENSE hatch_build.py ./
COPY model model
COPY serving serving
COPY training training
COPY viewer viewer
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    --mount=type=secret,id=certificates,target=/run/secrets/certificates \
    /opt/hilum/bin/pip wheel --quiet --no-deps --wheel-dir . . \
    && /opt/hilum/bin/pip install --quiet --no-deps --no-index hilum-*.whl \
    && /opt/hilum/bin/pip check \
    && /opt/hilum/bin/pip uninstall --quiet --yes pip setuptools
# What is in it, for those who must know: /opt/hilum/sbom.cdx.json
COPY scripts/sbom.py scripts/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/run/secrets/certificates \
    python3 -m venv /opt/sbom \
    && /opt/sbom/bin/pip install --quiet 'cyclonedx-python-lib>=11,<12' \
    && PYTHONPATH=$(echo /opt/hilum/lib/python3*/site-packages) /opt/sbom/bin/python scripts/sbom.py \
    > /opt/hilum/sbom.cdx.json

FROM ${BASE} AS runtime
LABEL org.opencontainers.image.title="Hilum" \
      org.opencontainers.image.description="Reads chest radiographs, for a radiologist to review" \
      org.opencontainers.image.licenses="Apache-2.0"
# PostgreSQL wants its user to have a name, hence an entry and not only a number.
RUN groupadd --gid 10001 hilum \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin --no-log-init hilum \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=wheel /opt/hilum /opt/hilum
COPY deploy/healthy.py /opt/hilum/healthy.py
# It writes below /data and nowhere else, also what an upload needs for a while: the root may be read-only.
ENV PATH=/opt/hilum/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TMPDIR=/data \
    HILUM_DATA=/data \
    HILUM_HOST=0.0.0.0 \
    HILUM_DIMSE_HOST=0.0.0.0
# HILUM_ALLOWED_HOSTS stays as it is, localhost: name the hosts by which people reach the service.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000 11112
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python3", "/opt/hilum/healthy.py"]
ENTRYPOINT ["hilum"]
CMD ["serve"]
