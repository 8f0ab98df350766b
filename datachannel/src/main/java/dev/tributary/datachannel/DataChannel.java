// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/**
 * One channel: what it is called, how it delivers, how it stands. A handle; messages go through {@link DataChannels}.
 *
 * <p>Not thread-safe: belongs to the owner of its {@link DataChannels}.
 */
public final class DataChannel {
    private final int id;
    private final String label;
    private final String protocol;
    private final DataChannelOptions options;
    private final boolean remote;
    private DataChannelState state;
    private boolean acknowledged;
    private boolean outgoingReset;
    private boolean incomingReset;

    DataChannel(
            int id, String label, String protocol, DataChannelOptions options, boolean remote, DataChannelState state) {
        this.id = id;
        this.label = label;
        this.protocol = protocol;
        this.options = options;
        this.remote = remote;
        this.state = state;
        // RFC 8832 §6: until the peer has acknowledged, all messages are sent ordered.
        this.acknowledged = state == DataChannelState.OPEN;
    }

    /** The stream identifier, 0..65534. */
    public int id() {
        return id;
    }

    /** The label; not unique. */
    public String label() {
        return label;
    }

    /** The name of the protocol spoken on the channel; empty when there is none. */
    public String protocol() {
        return protocol;
    }

    /** How it delivers. */
    public DataChannelOptions options() {
        return options;
    }

    /** Whether the peer opened it. */
    public boolean isRemote() {
        return remote;
    }

    /** How it stands. */
    public DataChannelState state() {
        return state;
    }

    @Override
    public String toString() {
        return "DataChannel[id=" + id + ", label=" + label + ", state=" + state + "]";
    }

    void enter(DataChannelState next) {
        state = next;
    }

    void acknowledge() {
        acknowledged = true;
    }

    SendOptions deliveryNow() {
        SendOptions delivery = options.delivery();
        return acknowledged || delivery.ordered()
                ? delivery
                : new SendOptions(true, delivery.maxRetransmits(), delivery.maxLifetimeMillis());
    }

    void outgoingReset() {
        outgoingReset = true;
    }

    void incomingReset() {
        incomingReset = true;
    }

    boolean isResetByPeer() {
        return incomingReset;
    }

    boolean isResetBothWays() {
        return outgoingReset && incomingReset;
    }
}
