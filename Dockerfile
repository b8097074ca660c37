# A small image that runs as its own user. Build: docker build -t broadsheet .
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE config.example.toml ./
COPY bot ./bot
COPY digests ./digests
COPY sandbox ./sandbox
COPY sample ./sample
RUN python -m venv /opt/broadsheet \
    && /opt/broadsheet/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim
# git is for corpus.git; nothing else is needed.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 --home-dir /srv/broadsheet --shell /usr/sbin/nologin broadsheet
COPY --from=build /opt/broadsheet /opt/broadsheet
ENV PATH=/opt/broadsheet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BROADSHEET_OPS__HTTP_LISTEN=127.0.0.1:9464
USER broadsheet
WORKDIR /srv/broadsheet
# A volume takes its owner from here; without this it would be root's, and the bot could not write.
RUN mkdir -m 700 data
VOLUME /srv/broadsheet/data
# Needs config.toml and the articles mounted into /srv/broadsheet, and DISCORD_TOKEN; see compose.yaml.
HEALTHCHECK --interval=60s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
CMD ["broadsheet", "run"]
