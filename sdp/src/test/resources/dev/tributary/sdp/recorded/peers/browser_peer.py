# SPDX-License-Identifier: Apache-2.0
# A peer for RecordPeers in a browser: python3 browser_peer.py chromium|firefox-esr. The page fetches each command and posts its reply.
import http.server
import queue
import subprocess
import sys
import tempfile
import threading

PAGE = r"""<!doctype html><meta charset=utf-8><script>
let pc, names = 0;
const tracks = {
  audio() {
    const context = new AudioContext(), sink = context.createMediaStreamDestination();
    context.createOscillator().connect(sink);
    return sink.stream.getAudioTracks()[0];
  },
  video() {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d').fillRect(0, 0, 1, 1);
    return canvas.captureStream(10).getVideoTracks()[0];
  },
};
function gathered() {
  return new Promise(done => {
    const check = () => pc.iceGatheringState === 'complete' && done();
    pc.addEventListener('icegatheringstatechange', check);
    check();
    setTimeout(done, 3000);
  });
}
function add(kind, init) {
  const track = tracks[kind]();
  pc.addTransceiver(track, {direction: 'sendonly', ...init, streams: [new MediaStream([track])]});
}
async function set() {
  await pc.setLocalDescription();
  await gathered();
  return pc.localDescription.sdp;
}
const commands = {
  fresh() { pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'}); },
  add(kind, way) {
    if (way === 'receive') pc.addTransceiver(kind, {direction: 'recvonly'});
    else add(kind, {direction: way === 'send' ? 'sendonly' : 'sendrecv'});
  },
  simulcast(rids) {
    const all = rids.split(',');
    add('video', {sendEncodings: all.map((rid, i) => ({rid, scaleResolutionDownBy: 2 ** (all.length - 1 - i)}))});
  },
  channel() { pc.createDataChannel('dynamic-control'); },
  inactive(index) { pc.getTransceivers()[index].direction = 'inactive'; },
  stop(index) { pc.getTransceivers()[index].stop(); },
  offer: set,
  async create() { return (await pc.createOffer()).sdp; },
  rollback() { return pc.setLocalDescription({type: 'rollback'}).then(() => undefined); },
  async answer(text) {
    await pc.setRemoteDescription({type: 'offer', sdp: atob(text)});
    return set();
  },
  accept(text) { return pc.setRemoteDescription({type: 'answer', sdp: atob(text)}).then(() => undefined); },
};
(async () => {
  for (;;) {
    const [name, ...words] = (await (await fetch('/next')).text()).split(' ');
    let reply;
    try {
      const sdp = await commands[name](...words);
      reply = sdp ? 'SDP ' + btoa(sdp) : 'OK';
    } catch (failure) {
      reply = 'ERROR ' + failure;
    }
    await fetch('/reply', {method: 'POST', body: reply});
  }
})();
</script>"""

todo, replies = queue.Queue(), queue.Queue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = todo.get() if self.path == "/next" else PAGE if self.path == "/" else ""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self):
        replies.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    options = (
        ["--headless", "--no-remote", "--profile", profile]
        if "firefox" in sys.argv[1]
        else ["--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile]
        + ["--autoplay-policy=no-user-gesture-required"]
    )
    browser = subprocess.Popen(
        [sys.argv[1], *options, f"http://127.0.0.1:{server.server_port}/"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for line in sys.stdin:
            todo.put(line.strip())
            print(replies.get(timeout=30), flush=True)
    finally:
        browser.terminate()
        browser.wait(10)
