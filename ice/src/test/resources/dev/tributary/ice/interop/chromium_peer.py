# SPDX-License-Identifier: Apache-2.0
"""The ICE agent of Chromium, headless, behind a page that talks to this script. Arguments and lines as in pion.go. It
offers a data channel and so controls. There is no DTLS on our side: its greetings are the media."""

import http.server
import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

PAGE = """<!doctype html><script>
const say = text => fetch('/say', {method: 'POST', body: text});
const options = OPTIONS;
const servers = options.server
  ? [{urls: options.server, username: options.user, credential: options.password}] : [];
const policy = 'relay' in options ? 'relay' : 'all';
const pc = new RTCPeerConnection({iceServers: servers, iceTransportPolicy: policy});
pc.createDataChannel('data');
pc.oniceconnectionstatechange = () => say('STATE ' + pc.iceConnectionState
  + (pc.iceConnectionState === 'connected' ? '\\nCONNECTED' : ''));
pc.onicegatheringstatechange = async () => {
  if (pc.iceGatheringState !== 'complete') return;
  const find = name => pc.localDescription.sdp.match(new RegExp('a=' + name + ':(\\\\S+)'))[1];
  const candidates = pc.localDescription.sdp.split('\\r\\n').filter(line => line.startsWith('a=candidate:'))
    .map(line => 'CANDIDATE ' + line.substring('a=candidate:'.length));
  await say(['LOCAL ' + find('ice-ufrag') + ' ' + find('ice-pwd'), ...candidates, 'GATHERED'].join('\\n'));
  const told = (await (await fetch('/hear')).text()).split('\\n');
  const rest = word => told.filter(line => line.startsWith(word + ' ')).map(line => line.substring(word.length + 1));
  const [ufrag, pwd] = rest('REMOTE')[0].split(' ');
  const answer = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0',
    ...(told.includes('LITE') ? ['a=ice-lite'] : []),
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sctp-port:5000',
    'a=setup:passive', 'a=fingerprint:sha-256 ' + Array(32).fill('AB').join(':'),
    'a=ice-ufrag:' + ufrag, 'a=ice-pwd:' + pwd,
    ...rest('CANDIDATE').map(value => 'a=candidate:' + value), ''].join('\\r\\n');
  pc.setRemoteDescription({type: 'answer', sdp: answer}).catch(error => say('FAILED ' + error));
};
pc.createOffer().then(offer => pc.setLocalDescription(offer));
</script>"""

options = {}
for word in sys.argv[2:]:
    name, _, value = word.partition("=")
    options[name] = value
told = queue.Queue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = told.get() if self.path == "/hear" else PAGE.replace("OPTIONS", json.dumps(options))
        self.answer(text)

    def do_POST(self):
        print(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer("")

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
profile = tempfile.mkdtemp(prefix="tributary-chromium-")
chromium = subprocess.Popen(
    [
        "chromium",
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        # Where there is no IPv4 its mDNS has no socket, and gathering would never end.
        *(["--disable-features=WebRtcHideLocalIpsWithMdns"] if "ipv6" in options else []),
        "--user-data-dir=" + profile,
        "http://127.0.0.1:%d/" % server.server_port,
    ],
    stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
lines = []
try:
    for line in sys.stdin:
        if line.strip() == "GO":
            told.put("\n".join(lines))
        else:
            lines.append(line.strip())
finally:
    chromium.kill()
    shutil.rmtree(profile, ignore_errors=True)
