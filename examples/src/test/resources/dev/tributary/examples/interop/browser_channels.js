window.far = (() => {
  const connection = new RTCPeerConnection();
  const channels = new Map();
  const said = [];

  const echo = (channel) => {
    channels.set(channel.label, channel);
    channel.binaryType = "arraybuffer";
    // Messages may come before the page has heard that the channel is open.
    const waiting = [];
    const drain = () => {
      while (waiting.length > 0 && channel.readyState === "open") {
        channel.send(waiting.shift());
      }
    };
    channel.onopen = drain;
    channel.onmessage = ({ data }) => {
      waiting.push(data);
      drain();
    };
    channel.onerror = ({ error }) => said.push(channel.label + ": " + error);
    channel.onclose = () => channels.delete(channel.label);
  };

  const limits = (retransmits, lifetime) => ({
    ...(retransmits !== "-1" && { maxRetransmits: Number(retransmits) }),
    ...(lifetime !== "-1" && { maxPacketLifeTime: Number(lifetime) }),
  });

  const obey = (command) => {
    const [verb, label, ordered, retransmits, lifetime] = command.split(" ");
    if (verb === "open") {
      echo(connection.createDataChannel(label, { ordered: ordered === "1", ...limits(retransmits, lifetime) }));
    } else if (verb === "close") {
      channels.get(label)?.close();
    }
  };

  connection.ondatachannel = ({ channel }) => {
    if (channel.label === "control") {
      channel.onmessage = ({ data }) => obey(data);
      channels.set("control", channel);
    } else {
      echo(channel);
    }
  };

  // Nothing trickles.
  const gathered = async () => {
    while (connection.iceGatheringState !== "complete") {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return connection.localDescription.sdp;
  };

  return {
    offer: async () => {
      connection.createDataChannel("first");
      await connection.setLocalDescription();
      return gathered();
    },
    accept: (sdp) => connection.setRemoteDescription({ type: "answer", sdp }),
    answer: async (sdp) => {
      await connection.setRemoteDescription({ type: "offer", sdp });
      await connection.setLocalDescription();
      return gathered();
    },
    says: () =>
      connection.connectionState +
      " " +
      [...channels.values()].map((channel) => channel.label + " " + channel.readyState).join(", ") +
      " " +
      said.slice(-10).join("; "),
  };
})()
