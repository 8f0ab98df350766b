/* SPDX-License-Identifier: Apache-2.0
 *
 * One end of an SRTP connection on libsrtp, driven by lines.
 *
 * Arguments: the profile's number, and key and salt in hexadecimal of what it seals with and of what it opens with.
 * Lines: "seal-rtp|open-rtp|seal-rtcp|open-rtcp <hex>", answered by "done <hex>" or "refused <status>".
 */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACKET_BYTES 4096
#define LINE_BYTES (2 * PACKET_BYTES + 32)

static int from_hex(const char *text, unsigned char *out) {
    int length = 0;
    unsigned int byte;
    while (sscanf(text + 2 * length, "%2x", &byte) == 1) {
        out[length++] = (unsigned char)byte;
    }
    return length;
}

static srtp_t session(srtp_profile_t profile, const char *key, srtp_ssrc_type_t direction) {
    static unsigned char keys[2][64];
    static int used;
    srtp_policy_t policy;
    srtp_t made;
    memset(&policy, 0, sizeof policy);
    if (srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, profile) != srtp_err_status_ok
        || srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, profile) != srtp_err_status_ok) {
        printf("unknown profile %d\n", profile);
        exit(1);
    }
    from_hex(key, keys[used]);
    policy.key = keys[used++];
    policy.ssrc.type = direction;
    policy.window_size = 1024;
    if (srtp_create(&made, &policy) != srtp_err_status_ok) {
        printf("no session for profile %d\n", profile);
        exit(1);
    }
    return made;
}

int main(int count, char **arguments) {
    static char line[LINE_BYTES];
    static unsigned int aligned[PACKET_BYTES / sizeof(unsigned int)];
    unsigned char *packet = (unsigned char *)aligned;
    srtp_t sealing, opening;
    if (count != 4 || srtp_init() != srtp_err_status_ok) {
        printf("usage: profile seal-key open-key\n");
        return 1;
    }
    sealing = session((srtp_profile_t)atoi(arguments[1]), arguments[2], ssrc_any_outbound);
    opening = session((srtp_profile_t)atoi(arguments[1]), arguments[3], ssrc_any_inbound);
    printf("ready %s\n", srtp_get_version_string());
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *hex = strchr(line, ' ');
        int length, i;
        srtp_err_status_t status;
        if (hex == NULL) {
            break;
        }
        *hex++ = 0;
        length = from_hex(hex, packet);
        if (strcmp(line, "seal-rtp") == 0) {
            status = srtp_protect(sealing, packet, &length);
        } else if (strcmp(line, "open-rtp") == 0) {
            status = srtp_unprotect(opening, packet, &length);
        } else if (strcmp(line, "seal-rtcp") == 0) {
            status = srtp_protect_rtcp(sealing, packet, &length);
        } else {
            status = srtp_unprotect_rtcp(opening, packet, &length);
        }
        if (status == srtp_err_status_ok) {
            printf("done ");
            for (i = 0; i < length; i++) {
                printf("%02x", packet[i]);
            }
            printf("\n");
        } else {
            printf("refused %d\n", status);
        }
        fflush(stdout);
    }
    return 0;
}
