// SPDX-License-Identifier: Apache-2.0

// Two usrsctp sockets in this process, without threads and without a network: how much CPU time a message of the given size
// takes from one to the other. Usage: program <message bytes> [offload], where "offload" leaves the checksums out.

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <usrsctp.h>

#define PACKET_MAX 2048
#define PACKETS 4096

struct end {
    unsigned char packets[PACKETS][PACKET_MAX];
    size_t lengths[PACKETS];
    unsigned first, count;
    struct end *peer;
};

static struct end near_end, far_end;
static unsigned long dropped;

static int output(void *addr, void *buffer, size_t length, uint8_t tos, uint8_t df) {
    (void)tos;
    (void)df;
    struct end *to = ((struct end *)addr)->peer;
    if (to->count == PACKETS || length > PACKET_MAX) {
        dropped++;
        return 0;
    }
    unsigned slot = (to->first + to->count++) % PACKETS;
    memcpy(to->packets[slot], buffer, length);
    to->lengths[slot] = length;
    return 0;
}

static int deliver(struct end *end) {
    int moved = 0;
    while (end->count > 0) {
        unsigned slot = end->first;
        end->first = (end->first + 1) % PACKETS;
        end->count--;
        usrsctp_conninput(end, end->packets[slot], end->lengths[slot], 0);
        moved = 1;
    }
    return moved;
}

static void check(int result, const char *what) {
    if (result < 0 && errno != EINPROGRESS) {
        perror(what);
        exit(1);
    }
}

static struct socket *open_socket(struct end *end) {
    struct socket *socket = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    if (socket == NULL) {
        perror("socket");
        exit(1);
    }
    int on = 1, buffer = 1 << 20;
    check(usrsctp_set_non_blocking(socket, 1), "non-blocking");
    check(usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on), "no delay");
    check(usrsctp_setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer), "send buffer");
    check(usrsctp_setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer), "receive buffer");
    struct sctp_paddrparams parameters;
    memset(&parameters, 0, sizeof parameters);
    parameters.spp_flags = SPP_PMTUD_DISABLE;
    parameters.spp_pathmtu = 1191;
    check(usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &parameters, sizeof parameters), "mtu");
    struct sockaddr_conn address;
    memset(&address, 0, sizeof address);
    address.sconn_family = AF_CONN;
    address.sconn_port = htons(5000);
    address.sconn_addr = end;
    check(usrsctp_bind(socket, (struct sockaddr *)&address, sizeof address), "bind");
    return socket;
}

static int64_t nanos(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static struct socket *sender, *receiver;
static unsigned char *message, *received;
static size_t size;

static void carry(void) {
    while (deliver(&far_end) | deliver(&near_end)) {
    }
}

// Runs for so much CPU time. One message counts when its last byte was read.
static unsigned long run(int64_t duration) {
    static int64_t timers;
    static size_t partial;
    unsigned long count = 0;
    int64_t end = nanos(CLOCK_PROCESS_CPUTIME_ID) + duration;
    while (nanos(CLOCK_PROCESS_CPUTIME_ID) < end) {
        struct sctp_sndinfo info;
        memset(&info, 0, sizeof info);
        info.snd_sid = 1;
        info.snd_ppid = htonl(53);
        for (int i = 0; i < 16; i++) {
            if (usrsctp_sendv(sender, message, size, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO, 0) < 0) {
                if (errno != EWOULDBLOCK && errno != ENOBUFS) {
                    perror("send");
                    exit(1);
                }
                break;
            }
        }
        carry();
        for (;;) {
            struct sockaddr_conn from;
            socklen_t from_length = sizeof from;
            struct sctp_rcvinfo receive_info;
            socklen_t info_length = sizeof receive_info;
            unsigned int type = 0;
            int flags = 0;
            ssize_t length = usrsctp_recvv(receiver, received, 1 << 18, (struct sockaddr *)&from, &from_length,
                                           &receive_info, &info_length, &type, &flags);
            if (length <= 0) {
                break;
            }
            partial += (size_t)length;
            if (flags & MSG_EOR) {
                if (partial != size) {
                    fprintf(stderr, "a message of %zu bytes\n", partial);
                    exit(1);
                }
                partial = 0;
                count++;
            }
        }
        carry();
        int64_t now = nanos(CLOCK_MONOTONIC);
        if (timers == 0) {
            timers = now;
        }
        if (now - timers > 10000000) {
            usrsctp_handle_timers((uint32_t)((now - timers) / 1000000));
            timers = now;
        }
    }
    return count;
}

int main(int argc, char **argv) {
    size = (size_t)atoi(argv[1]);
    message = calloc(1, size);
    received = malloc(1 << 18);
    near_end.peer = &far_end;
    far_end.peer = &near_end;
    usrsctp_init_nothreads(0, output, NULL);
    if (argc > 2 && strcmp(argv[2], "offload") == 0) {
        usrsctp_enable_crc32c_offload();
    }
    usrsctp_sysctl_set_sctp_ecn_enable(0);
    usrsctp_sysctl_set_sctp_blackhole(2);
    usrsctp_register_address(&near_end);
    usrsctp_register_address(&far_end);
    sender = open_socket(&near_end);
    struct socket *listener = open_socket(&far_end);
    check(usrsctp_listen(listener, 1), "listen");
    struct sockaddr_conn to;
    memset(&to, 0, sizeof to);
    to.sconn_family = AF_CONN;
    to.sconn_port = htons(5000);
    to.sconn_addr = &near_end;
    check(usrsctp_connect(sender, (struct sockaddr *)&to, sizeof to), "connect");
    for (int i = 0; i < 100 && receiver == NULL; i++) {
        carry();
        receiver = usrsctp_accept(listener, NULL, NULL);
    }
    if (receiver == NULL) {
        fprintf(stderr, "not connected\n");
        return 1;
    }
    int on = 1;
    check(usrsctp_set_non_blocking(receiver, 1), "non-blocking");
    check(usrsctp_setsockopt(receiver, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof on), "receive info");
    run(1000000000LL);
    int64_t begin = nanos(CLOCK_PROCESS_CPUTIME_ID);
    unsigned long count = run(1000000000LL);
    printf("RESULT %.1f\n", (double)(nanos(CLOCK_PROCESS_CPUTIME_ID) - begin) / (double)count);
    fprintf(stderr, "%lu messages, %lu packets dropped\n", count, dropped);
    return 0;
}
