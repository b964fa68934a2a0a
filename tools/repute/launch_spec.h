/*
 * From how a package manager, container engine or client spells a server to its subject. Each
 * function sets subject and is_pinned, or the gap.
 */
#ifndef REPUTE_LAUNCH_SPEC_H
#define REPUTE_LAUNCH_SPEC_H

#include "repute/launch.h"

/* "@acme/x@1.2.3", "x@latest", "github:acme/x#v1", "git+https://github.com/acme/x" */
void launch_spec_npm(struct launch *launch, const char *spec);
/* "x==1.2", "x@1.2", "x[cli]>=1", "git+https://github.com/acme/x@v1" */
void launch_spec_pypi(struct launch *launch, const char *spec);
/* "mcp/x", "ghcr.io/acme/x:1.2@sha256:..." */
void launch_spec_image(struct launch *launch, const char *spec);
/* "github.com/acme/x/cmd/y@v1.2.3" */
void launch_spec_go(struct launch *launch, const char *spec);
/* "Acme.X@1.2.3" */
void launch_spec_nuget(struct launch *launch, const char *spec);
/* "/usr/lib/node_modules/@acme/x/dist/index.js": the package whose file it is */
void launch_spec_script(struct launch *launch, const char *path);
void launch_spec_url(struct launch *launch, const char *url);

#endif
