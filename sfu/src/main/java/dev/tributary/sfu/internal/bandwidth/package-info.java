// SPDX-License-Identifier: Apache-2.0
/**
 * How much a path carries, and who gets it: pure machines, time and numbers in, numbers out.
 *
 * <pre>
 * publisher -> us    ArrivalLog: notes when packets came, writes transport-wide feedback
 * us -> subscriber   SendSideBandwidth: numbers what is sent, reads the feedback
 *                      SentPackets -> DelayTrend -> DelayRate   (queues grow: less)
 *                                  -> LossRate                  (packets vanish, and fewer do when we send less: less)
 *                                  -> Probes                    (a short burst came through: more)
 *                    Allocation: shares the rate among the tracks of a subscriber
 * </pre>
 *
 * <p>Start at {@link dev.tributary.sfu.internal.bandwidth.SendSideBandwidth}. The method is that of Google's congestion
 * control (draft-ietf-rmcat-gcc-02) with two differences that forwarding asks for. A forwarder sends what publishers
 * make, in steps of whole layers, and so seldom fills the path: estimates grow by probing for the next step, not by
 * themselves. And a loss that sending less does not cure is taken for the nature of the path.
 */
package dev.tributary.sfu.internal.bandwidth;
