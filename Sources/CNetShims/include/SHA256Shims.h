// SHA-256's compression function, FIPS 180-4 section 6.2.2, with the processor's own instructions where it has them: Swift has
// no name for those.
#ifndef SHA256SHIMS_H
#define SHA256SHIMS_H

#include <stddef.h>
#include <stdint.h>

// Takes `blocks` blocks of 64 octets into the eight words of the state.
void netshims_sha256_blocks(uint32_t *state, const uint8_t *bytes, size_t blocks);

#endif
