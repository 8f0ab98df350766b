// SPDX-License-Identifier: Apache-2.0
/*
 * What SrtpBenchmark does, on libsrtp: RTP packets protected or unprotected under each of some contexts in turn.
 * Arguments: gcm|cm  protect|unprotect  payload-bytes  contexts. Prints RESULT <ns per packet>, the middle of many batches.
 */
#include <srtp2/srtp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEADER 12
#define RECEIVED 4096
#define SSRC 0x5EEDu
#define BATCH 100
#define WARMUP_NANOS 500000000LL
#define MEASURE_NANOS 2000000000LL

static int gcm, payload, contexts;
static uint8_t key[64];
static srtp_t *sessions;
static uint8_t packet[2048], room[2048];
static uint8_t *received;
static int sealed_length;

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what, int status) {
    fprintf(stderr, "%s failed with %d\n", what, status);
    exit(1);
}

static srtp_t open_session(srtp_ssrc_type_t direction) {
    srtp_policy_t policy;
    srtp_t session;
    memset(&policy, 0, sizeof policy);
    if (gcm) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    policy.ssrc.type = direction;
    policy.key = key;
    policy.window_size = 1024;
    int status = srtp_create(&session, &policy);
    if (status != srtp_err_status_ok) fail("srtp_create", status);
    return session;
}

static void forget(srtp_ssrc_type_t direction) {
    for (int i = 0; i < contexts; i++) {
        if (sessions[i]) srtp_dealloc(sessions[i]);
        sessions[i] = open_session(direction);
    }
}

static void number(int sequence) {
    packet[2] = (uint8_t)(sequence >> 8);
    packet[3] = (uint8_t)sequence;
}

static int protect(srtp_t session) {
    int length = HEADER + payload;
    memcpy(room, packet, length);
    int status = srtp_protect(session, room, &length);
    if (status != srtp_err_status_ok) fail("srtp_protect", status);
    return length;
}

static int turn, sequence, next;

static void protect_batch(void) {
    for (int i = 0; i < BATCH; i++) {
        number(sequence & 0xFFFF);
        protect(sessions[turn]);
        if (++turn == contexts) {
            turn = 0;
            sequence++;
        }
    }
}

static void unprotect_batch(void) {
    for (int i = 0; i < BATCH; i++) {
        int length = sealed_length;
        memcpy(room, received + (size_t)next * sealed_length, length);
        int status = srtp_unprotect(sessions[turn], room, &length);
        if (status != srtp_err_status_ok) fail("srtp_unprotect", status);
        if (++turn == contexts) {
            turn = 0;
            if (++next == RECEIVED) {
                next = 0;
                forget(ssrc_any_inbound);
            }
        }
    }
}

static int ascending(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return x < y ? -1 : x > y;
}

/* The middle of the times of all batches: others use the machine too, and most batches do not meet them. */
static double run(void (*batch)(void), long long nanos) {
    static long long took[1 << 20];
    int count = 0;
    for (long long end = now() + nanos; now() < end && count < 1 << 20;) {
        long long start = now();
        batch();
        took[count++] = now() - start;
    }
    qsort(took, count, sizeof *took, ascending);
    return (double)took[count / 2] / BATCH;
}

int main(int count, char **arguments) {
    if (count != 5) fail("gcm|cm protect|unprotect payload contexts", count);
    gcm = !strcmp(arguments[1], "gcm");
    int protecting = !strcmp(arguments[2], "protect");
    payload = atoi(arguments[3]);
    contexts = atoi(arguments[4]);
    srtp_init();
    for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i * 7 + 1);
    for (size_t i = HEADER; i < sizeof packet; i++) packet[i] = (uint8_t)i;
    packet[0] = 0x80;
    packet[1] = 96;
    packet[10] = (uint8_t)(SSRC >> 8);
    packet[11] = (uint8_t)SSRC;
    sessions = calloc(contexts, sizeof *sessions);
    if (!protecting) {
        srtp_t source = open_session(ssrc_any_outbound);
        for (int i = 0; i < RECEIVED; i++) {
            number(i);
            sealed_length = protect(source);
            if (!received) received = malloc((size_t)RECEIVED * sealed_length);
            memcpy(received + (size_t)i * sealed_length, room, sealed_length);
        }
    }
    forget(protecting ? ssrc_any_outbound : ssrc_any_inbound);
    void (*batch)(void) = protecting ? protect_batch : unprotect_batch;
    run(batch, WARMUP_NANOS);
    printf("RESULT %.1f\n", run(batch, MEASURE_NANOS));
    return 0;
}
