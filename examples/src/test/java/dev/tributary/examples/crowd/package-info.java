/**
 * Guests without browsers, many of them and cheap: each publishes a small recorded picture (guest.ivf: three seconds of
 * FFmpeg's testsrc2, VP8, 160x90 at 5 pictures a second) and near silence, with a control channel of its own.
 */
package dev.tributary.examples.crowd;
