// SPDX-License-Identifier: Apache-2.0
// Our side of the offers that a publisher makes over the control channel (docs/dynamic-whep.md, section 6).

const RESEND_MS = 5_000;
const CANCEL_MS = 15_000;
const GIVE_UP_MS = 5_000;

/** @typedef {import("./control.js").Message} Message */

/** An offer that the server did not take, by its own word or by saying nothing. */
export class OfferRefused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`The server did not take the offer (${code})`);
    this.name = "OfferRefused";
    this.code = code;
  }
}

/** One offer at a time: sends it, again when nothing comes back, and takes it back in the end. */
export class Offering {
  #seq = 0;
  /** @type {{message: Message, resolve: (sdp: string) => void, reject: (error: Error) => void}|null} */
  #outstanding = null;
  /** @type {number[]} */
  #timers = [];

  /** @param {(message: Message) => boolean} send */
  constructor(send) {
    this.send = send;
  }

  /** @param {Message} welcome the numbers go on where the server saw them last */
  greeted({ seq = 0 }) {
    this.#seq = Math.max(this.#seq, seq);
    if (this.#outstanding) {
      this.send(this.#outstanding.message);
    }
  }

  /**
   * @param {{revision: number, mids: Record<string, string|null>, sdp: string}} description
   * @returns {Promise<string>} the server's answer
   */
  offer(description) {
    return new Promise((resolve, reject) => {
      const message = { type: "offer", seq: ++this.#seq, ...description };
      this.#outstanding = { message, resolve, reject };
      this.send(message);
      const again = setInterval(() => this.send(message), RESEND_MS);
      const cancel = setTimeout(() => {
        clearInterval(again);
        this.send({ type: "cancel", seq: message.seq });
        this.#timers.push(setTimeout(() => this.#refuse(message.seq, "negotiation-timeout"), GIVE_UP_MS));
      }, CANCEL_MS);
      this.#timers = [again, cancel];
    });
  }

  /** @param {Message} reply `answer`, `reject`, `cancelled` or `error` */
  replied(reply) {
    if (reply.type === "answer" && reply.seq === this.#outstanding?.message.seq) {
      this.#settle()?.resolve(reply.sdp);
    } else if (reply.seq !== undefined && reply.code !== "stale-seq") {
      this.#refuse(reply.seq, reply.code ?? reply.type);
    }
  }

  /** The session is gone, and with it whoever would answer. */
  stop() {
    this.#settle()?.reject(new OfferRefused("closed"));
  }

  /**
   * @param {number} seq
   * @param {string} code
   */
  #refuse(seq, code) {
    if (this.#outstanding?.message.seq === seq) {
      this.#settle()?.reject(new OfferRefused(code));
    }
  }

  #settle() {
    const settled = this.#outstanding;
    this.#outstanding = null;
    // Timeouts and intervals share their numbers.
    this.#timers.splice(0).forEach((timer) => clearTimeout(timer));
    return settled;
  }
}
