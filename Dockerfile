# One image, three commands: web, worker, scheduler. Nothing in it is written to; data lives elsewhere.

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /ebb
COPY requirements-production.txt ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements-production.txt
COPY manage.py pyproject.toml requirements.txt ./
COPY config config
COPY diary diary
COPY insights insights
COPY templates templates
COPY locale locale
COPY static static
# The files that browsers load are named by their content, so they belong to the image. The key
# only lets the settings load here; it is not kept.
RUN EBB_SECRET_KEY=only-while-this-image-is-built-0123456789-0123456789-01234 EBB_STATIC=/ebb/collected \
    EBB_NO_BOOTSTRAP=1 .venv/bin/python manage.py collectstatic --no-input --verbosity 0
# No start can keep what it compiles, as nothing is written to: it would compile at each.
RUN .venv/bin/python -m compileall -q config diary insights

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
# pg_dump and pg_restore, for copies of the database: as new as its server, or it refuses them.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home ebb
COPY --from=build /ebb /ebb
WORKDIR /ebb
USER 10001
ENV PATH=/ebb/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    EBB_NO_BOOTSTRAP=1 EBB_STATIC=/ebb/collected EBB_DATA=/tmp \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
EXPOSE 8000
CMD ["granian", "--interface", "asginl", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--no-ws", "config.asgi:application"]
