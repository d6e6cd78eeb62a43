# The version is that of the dev dependency "node". A release also gives the digest: --build-arg NODE_DIGEST=@sha256:...
ARG NODE_VERSION=24.21.0
ARG NODE_DIGEST=

FROM node:${NODE_VERSION}-bookworm-slim${NODE_DIGEST} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# The image holds what the npm package holds, and the dependencies that package-lock.json pins.
RUN npx tsc -p tsconfig.build.json \
 && npm pack --ignore-scripts \
 && mkdir /connector \
 && tar -xzf source-intercom-*.tgz -C /connector --strip-components=1 --no-same-owner \
 && npm prune --omit=dev --ignore-scripts \
 && mv node_modules /connector \
 && chmod -R u=rwX,go=rX /connector \
 && chmod +x /connector/dist/source.js /connector/dist/tap.js

FROM node:${NODE_VERSION}-bookworm-slim${NODE_DIGEST}
# Platforms expect the user and the folders of Airbyte's own images. The code belongs to root: who runs it cannot change it.
# Nothing is installed at run time, so npm goes.
RUN groupmod -n airbyte node \
 && usermod -l airbyte -d /airbyte node \
 && mkdir -p /airbyte/tmp /config /data /secrets \
 && chown airbyte:airbyte /airbyte/tmp /config /data /secrets \
 && ln -s /airbyte/integration_code/dist/source.js /usr/local/bin/source-intercom \
 && ln -s /airbyte/integration_code/dist/tap.js /usr/local/bin/tap-intercom \
 && rm -rf /home/node /opt/yarn* /usr/local/lib/node_modules \
 && rm -f /usr/local/bin/corepack /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn /usr/local/bin/yarnpkg
COPY --from=build /connector /airbyte/integration_code
WORKDIR /airbyte/integration_code
# Kubernetes launchers start what AIRBYTE_ENTRYPOINT says, with a shell that splits it at blanks: it must say what ENTRYPOINT does.
ENV NODE_ENV=production \
    TZ=UTC \
    AIRBYTE_ENTRYPOINT="/usr/local/bin/node /airbyte/integration_code/dist/source.js"
LABEL io.airbyte.name="ghcr.io/source-intercom/source-intercom" \
      io.airbyte.version="0.1.0" \
      org.opencontainers.image.title="source-intercom" \
      org.opencontainers.image.description="Everything a workspace has in Intercom, for Airbyte and Singer" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.source="https://github.com/source-intercom/source-intercom" \
      org.opencontainers.image.licenses="MIT"
USER airbyte
ENTRYPOINT ["/usr/local/bin/node", "/airbyte/integration_code/dist/source.js"]
