// An association of usrsctp over bare UDP, without DTLS: echoes on every channel and obeys the channel "control",
// which has "shutdown" and "abort" too.
//
//   program <port of the other end> <parity of our stream ids, 0 or 1> [i-data]
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usrsctp.h>

// Not in the public header of 0.9.5, as are the names of the option in the standard.
#ifndef SCTP_INTERLEAVING_SUPPORTED
#define SCTP_INTERLEAVING_SUPPORTED 0x00001206
#endif

enum { STREAMS = 65535, DCEP = 50 };

struct channel {
  int open;       // known here, by either end
  int closing;    // our half is reset
  int unordered;
  uint16_t policy;
  uint32_t value;
  char label[128];
  char *part;     // of a message that the stack hands out in pieces
  size_t part_length;
};

// What came in and is to be echoed: the callback of the stack must not wait for room to send.
struct message {
  struct message *next;
  uint16_t stream;
  uint32_t ppid;
  int ends;
  size_t length;
  char bytes[];
};

static struct channel channels[STREAMS];
static struct message *first, **last = &first;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static struct socket *association;
static int udp, next_stream, control_stream = -1;

static int send_packet(void *address, void *buffer, size_t length, uint8_t tos, uint8_t set_df) {
  (void)address, (void)tos, (void)set_df;
  return send(udp, buffer, length, 0) < 0 ? errno : 0;
}

static void *receive_packets(void *unused) {
  (void)unused;
  char packet[65536];
  for (;;) {
    ssize_t length = recv(udp, packet, sizeof packet, 0);
    if (length > 0) usrsctp_conninput(&udp, packet, (size_t)length, 0);
  }
  return NULL;
}

static void must(int ok, const char *what) {
  if (!ok) {
    printf("FAILED %s: %s\n", what, strerror(errno));
    exit(1);
  }
}

static void set_option(int name, const void *value, socklen_t length, const char *what) {
  must(usrsctp_setsockopt(association, IPPROTO_SCTP, name, value, length) == 0, what);
}

static void transmit(uint16_t stream, uint32_t ppid, const void *bytes, size_t length) {
  struct sctp_sendv_spa info;
  memset(&info, 0, sizeof info);
  info.sendv_flags = SCTP_SEND_SNDINFO_VALID;
  info.sendv_sndinfo.snd_sid = stream;
  info.sendv_sndinfo.snd_ppid = htonl(ppid);
  if (ppid != DCEP) {
    if (channels[stream].unordered) info.sendv_sndinfo.snd_flags |= SCTP_UNORDERED;
    if (channels[stream].policy != SCTP_PR_SCTP_NONE) {
      info.sendv_flags |= SCTP_SEND_PRINFO_VALID;
      info.sendv_prinfo.pr_policy = channels[stream].policy;
      info.sendv_prinfo.pr_value = channels[stream].value;
    }
  }
  while (usrsctp_sendv(association, bytes, length, NULL, 0, &info, sizeof info, SCTP_SENDV_SPA, 0) < 0) {
    if (errno != EWOULDBLOCK && errno != EAGAIN) {
      printf("send on %u: %s\n", stream, strerror(errno));
      return;
    }
    usleep(1000);
  }
}

static void reset_stream(uint16_t stream) {
  struct {
    struct sctp_reset_streams header;
    uint16_t stream;
  } request;
  memset(&request, 0, sizeof request);
  request.header.srs_flags = SCTP_STREAM_RESET_OUTGOING;
  request.header.srs_number_streams = 1;
  request.header.srs_stream_list[0] = stream;
  while (usrsctp_setsockopt(association, IPPROTO_SCTP, SCTP_RESET_STREAMS, &request,
                            sizeof(struct sctp_reset_streams) + sizeof(uint16_t)) < 0) {
    // One request is under way at a time.
    if (errno != EALREADY && errno != EAGAIN) {
      printf("reset of %u: %s\n", stream, strerror(errno));
      return;
    }
    usleep(1000);
  }
}

static void opened(uint16_t stream, const unsigned char *open, size_t length) {
  struct channel *channel = &channels[stream];
  size_t label = open[8] << 8 | open[9];
  memset(channel, 0, sizeof *channel);
  channel->open = 1;
  channel->unordered = (open[1] & 0x80) != 0;
  channel->policy = (open[1] & 3) == 1 ? SCTP_PR_SCTP_RTX : (open[1] & 3) == 2 ? SCTP_PR_SCTP_TTL : SCTP_PR_SCTP_NONE;
  channel->value = (uint32_t)open[4] << 24 | open[5] << 16 | open[6] << 8 | open[7];
  if (12 + label <= length && label < sizeof channel->label) memcpy(channel->label, open + 12, label);
  if (strcmp(channel->label, "control") == 0) control_stream = stream;
  transmit(stream, DCEP, "\002", 1);
}

static void open_channel(const char *label, int ordered, int retransmits, int lifetime) {
  unsigned char open[256] = {3};
  size_t length = strlen(label);
  int stream = next_stream;
  struct channel *channel = &channels[stream];
  uint32_t value = retransmits >= 0 ? retransmits : lifetime >= 0 ? lifetime : 0;
  next_stream += 2;
  memset(channel, 0, sizeof *channel);
  channel->open = 1;
  channel->unordered = !ordered;
  channel->policy = retransmits >= 0 ? SCTP_PR_SCTP_RTX : lifetime >= 0 ? SCTP_PR_SCTP_TTL : SCTP_PR_SCTP_NONE;
  channel->value = value;
  snprintf(channel->label, sizeof channel->label, "%s", label);
  open[1] = (retransmits >= 0 ? 1 : lifetime >= 0 ? 2 : 0) | (ordered ? 0 : 0x80);
  open[4] = value >> 24, open[5] = value >> 16, open[6] = value >> 8, open[7] = value;
  open[8] = length >> 8, open[9] = length;
  memcpy(open + 12, label, length);
  transmit(stream, DCEP, open, 12 + length);
}

// Ends at once, with ABORT: that is what closing without lingering means.
static void abort_association(void) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  usrsctp_setsockopt(association, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  usrsctp_close(association);
}

static void obey(const char *command) {
  char label[128];
  int ordered, retransmits, lifetime;
  if (sscanf(command, "open %127s %d %d %d", label, &ordered, &retransmits, &lifetime) == 4) {
    open_channel(label, ordered, retransmits, lifetime);
  } else if (strcmp(command, "shutdown") == 0) {
    usrsctp_shutdown(association, SHUT_WR);
  } else if (strcmp(command, "abort") == 0) {
    abort_association();
  } else if (sscanf(command, "close %127s", label) == 1) {
    for (int i = 0; i < STREAMS; i++) {
      if (channels[i].open && !channels[i].closing && strcmp(channels[i].label, label) == 0) {
        channels[i].closing = 1;
        reset_stream(i);
      }
    }
  }
}

static void handle_reset(const struct sctp_stream_reset_event *event) {
  size_t count = (event->strreset_length - sizeof *event) / sizeof(uint16_t);
  if (!(event->strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN)) return;
  for (size_t i = 0; i < count; i++) {
    uint16_t stream = event->strreset_stream_list[i];
    if (channels[stream].open && !channels[stream].closing) reset_stream(stream);
    channels[stream].open = 0;
  }
}

// Puts pieces together; returns whether the message is whole.
static int gather(struct message *message, char **bytes, size_t *length) {
  struct channel *channel = &channels[message->stream];
  channel->part = realloc(channel->part, channel->part_length + message->length + 1);
  memcpy(channel->part + channel->part_length, message->bytes, message->length);
  channel->part_length += message->length;
  if (!message->ends) return 0;
  *bytes = channel->part;
  *length = channel->part_length;
  channel->part = NULL;
  channel->part_length = 0;
  return 1;
}

static void handle_data(uint16_t stream, uint32_t ppid, char *bytes, size_t length) {
  if (ppid == DCEP) {
    if (length >= 12 && bytes[0] == 3) opened(stream, (unsigned char *)bytes, length);
  } else if (stream == control_stream) {
    bytes[length] = 0;
    obey(bytes);
  } else {
    transmit(stream, ppid, bytes, length);
  }
}

static void handle(struct message *message) {
  char *bytes;
  size_t length;
  if (message->ppid == UINT32_MAX) {
    union sctp_notification *event = (union sctp_notification *)message->bytes;
    if (event->sn_header.sn_type == SCTP_STREAM_RESET_EVENT) {
      handle_reset(&event->sn_strreset_event);
    } else if (event->sn_header.sn_type == SCTP_ASSOC_CHANGE) {
      printf("ASSOCIATION %d\n", event->sn_assoc_change.sac_state);
    }
  } else if (gather(message, &bytes, &length)) {
    handle_data(message->stream, message->ppid, bytes, length);
    free(bytes);
  }
}

static int take(struct socket *socket, union sctp_sockstore from, void *bytes, size_t length,
                struct sctp_rcvinfo info, int flags, void *unused) {
  (void)socket, (void)from, (void)unused;
  if (bytes == NULL) {
    printf("ENDED\n");
    exit(0);
  }
  struct message *message = malloc(sizeof *message + length + 1);
  message->next = NULL;
  message->stream = info.rcv_sid;
  message->ppid = flags & MSG_NOTIFICATION ? UINT32_MAX : ntohl(info.rcv_ppid);
  message->ends = (flags & MSG_EOR) != 0;
  message->length = length;
  memcpy(message->bytes, bytes, length);
  free(bytes);
  pthread_mutex_lock(&mutex);
  *last = message;
  last = &message->next;
  pthread_cond_signal(&arrived);
  pthread_mutex_unlock(&mutex);
  return 1;
}

static void connect_udp(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int bytes = 4 << 20;
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  must(bind(udp, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  must(getsockname(udp, (struct sockaddr *)&address, &length) == 0, "name");
  printf("PORT %d\n", ntohs(address.sin_port));
  address.sin_port = htons(port);
  must(connect(udp, (struct sockaddr *)&address, sizeof address) == 0, "connect");
}

static void connect_association(int interleaving) {
  struct sockaddr_conn address = {.sconn_family = AF_CONN, .sconn_port = htons(5000), .sconn_addr = &udp};
  struct sctp_initmsg init = {.sinit_num_ostreams = STREAMS, .sinit_max_instreams = STREAMS};
  struct sctp_assoc_value value = {.assoc_id = SCTP_ALL_ASSOC};
  struct sctp_paddrparams path = {
      .spp_flags = SPP_PMTUD_DISABLE | SPP_HB_ENABLE, .spp_pathmtu = 1191, .spp_hbinterval = 100};
  struct sctp_rtoinfo timeouts = {.srto_initial = 200, .srto_min = 100, .srto_max = 1000};
  struct sctp_event event = {.se_assoc_id = SCTP_ALL_ASSOC, .se_on = 1};
  int on = 1, bytes = 8 << 20;
  usrsctp_init(0, send_packet, NULL);
  usrsctp_sysctl_set_sctp_ecn_enable(0);
  usrsctp_register_address(&udp);
  association = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, take, NULL, 0, NULL);
  must(association != NULL, "socket");
  usrsctp_set_non_blocking(association, 1);
  usrsctp_setsockopt(association, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  usrsctp_setsockopt(association, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  set_option(SCTP_INITMSG, &init, sizeof init, "streams");
  // Quicker than its defaults for wide networks, so that a lossy test ends sooner.
  set_option(SCTP_RTOINFO, &timeouts, sizeof timeouts, "time-outs");
  set_option(SCTP_NODELAY, &on, sizeof on, "no delay");
  value.assoc_value = SCTP_ENABLE_RESET_STREAM_REQ;
  set_option(SCTP_ENABLE_STREAM_RESET, &value, sizeof value, "stream reset");
  if (interleaving) {
    int level = 2;
    set_option(SCTP_FRAGMENT_INTERLEAVE, &level, sizeof level, "fragment interleave");
    value.assoc_value = 1;
    set_option(SCTP_INTERLEAVING_SUPPORTED, &value, sizeof value, "interleaving");
  }
  event.se_type = SCTP_ASSOC_CHANGE;
  set_option(SCTP_EVENT, &event, sizeof event, "events");
  event.se_type = SCTP_STREAM_RESET_EVENT;
  set_option(SCTP_EVENT, &event, sizeof event, "events");
  set_option(SCTP_PEER_ADDR_PARAMS, &path, sizeof path, "path");
  must(usrsctp_bind(association, (struct sockaddr *)&address, sizeof address) == 0, "bind of the association");
  must(usrsctp_connect(association, (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS, "INIT");
}

int main(int count, char **words) {
  pthread_t receiver;
  setvbuf(stdout, NULL, _IOLBF, 0);
  next_stream = atoi(words[2]);
  connect_udp(atoi(words[1]));
  connect_association(count > 3 && strcmp(words[3], "i-data") == 0);
  pthread_create(&receiver, NULL, receive_packets, NULL);
  for (;;) {
    pthread_mutex_lock(&mutex);
    while (first == NULL) pthread_cond_wait(&arrived, &mutex);
    struct message *message = first;
    first = message->next;
    if (first == NULL) last = &first;
    pthread_mutex_unlock(&mutex);
    handle(message);
    free(message);
  }
}
