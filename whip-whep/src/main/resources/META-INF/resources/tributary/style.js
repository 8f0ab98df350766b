// SPDX-License-Identifier: Apache-2.0
// How a stage looks unless the page says otherwise, by its parts and custom properties.

export const STYLE = `
  :host { display: block; position: relative; container-type: inline-size; font: 1rem/1.5 system-ui, sans-serif;
    --stage-gap: .5rem; --stage-radius: .6rem; --stage-tile: #16181d; --stage-ink: #fff; --stage-accent: #6cb2ff;
    --stage-alert: #b3261e; --stage-tile-min: 17rem; --stage-main-height: 70vh; }
  :host([hidden]) { display: none; }
  [hidden] { display: none !important; }
  [part=grid] { display: grid; gap: var(--stage-gap);
    grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--stage-tile-min)), 1fr)); }
  [part=grid][data-few] { grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--stage-tile-min)), 1fr)); }
  [part=grid][data-many] { --stage-tile-min: 11rem; }
  [part~=tile] { position: relative; margin: 0; aspect-ratio: 16 / 9; overflow: hidden; background: var(--stage-tile);
    color: var(--stage-ink); border-radius: var(--stage-radius); display: grid; place-items: center; min-inline-size: 0; }
  [part~=main] { grid-column: 1 / -1; order: -1; max-block-size: var(--stage-main-height); inline-size: 100%; }
  [part~=pinned] { order: -2; }
  [part~=speaking]::after { content: ""; position: absolute; inset: 0; border: 3px solid var(--stage-accent);
    border-radius: inherit; pointer-events: none; }
  [part~=tile]:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible {
    outline: 3px solid var(--stage-accent); outline-offset: 2px; }
  [part~=tile]:fullscreen { border-radius: 0; max-block-size: none; }
  [part=video] { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain; }
  [part=avatar] { inline-size: 4.5rem; block-size: 4.5rem; border-radius: 50%; display: grid; place-items: center;
    background: #3a4252; font-size: 2rem; font-weight: 600; max-block-size: 60%; }
  [part=label] { position: absolute; inset: auto auto .5rem .5rem; padding: .15rem .5rem; border-radius: .4rem;
    background: rgb(0 0 0 / .65); font-weight: 500; font-size: .875rem; line-height: 1.4; max-inline-size: 80%;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  [part=badges] { position: absolute; inset: .5rem .5rem auto auto; display: flex; flex-wrap: wrap; gap: .25rem;
    justify-content: end; }
  [part=badge] { padding: .1rem .45rem; border-radius: .4rem; background: var(--stage-alert); font-weight: 600;
    font-size: .75rem; }
  [part=tile-controls] { position: absolute; inset: auto 0 0 0; padding: 2rem .5rem .5rem; display: flex; gap: .35rem;
    align-items: center; justify-content: end; flex-wrap: wrap; opacity: 0;
    background: linear-gradient(transparent, rgb(0 0 0 / .7)); }
  [part~=tile]:is(:hover, :focus-within) [part=tile-controls] { opacity: 1; }
  [part~=tile]:is(:hover, :focus-within) [part=label] { inset: .5rem auto auto .5rem; }
  @media (hover: none) { [part~=tile]:focus-within [part=tile-controls] { opacity: 1; } }
  [part~=button], [part=quality], [part~=device] { font: inherit; font-size: .8rem; padding: .25rem .6rem; border: 0; border-radius: .4rem;
    background: rgb(255 255 255 / .92); color: #16181d; cursor: pointer; }
  [part~=button][aria-pressed=true] { background: var(--stage-accent); }
  [part~=button]:disabled { opacity: .5; cursor: default; }
  [part=volume] { inline-size: 5rem; accent-color: var(--stage-accent); }
  [part=notice] { margin: 0; padding: 1rem; text-align: center; color: inherit; }
  [part~=sound] { position: absolute; inset: .75rem auto auto 50%; translate: -50% 0; z-index: 1; font-size: 1rem;
    padding: .5rem 1rem; background: var(--stage-accent); font-weight: 600; }
  [part=bar] { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; padding-block: .5rem; }
  [part=bar] [part~=button], [part=bar] [part~=device] { font-size: .95rem; padding: .45rem .9rem;
    border: 1px solid rgb(128 128 128 / .4); }
  [part~=primary] { background: var(--stage-accent); font-weight: 600; }
  [part=announcer] { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap; }
  @container (min-width: 48rem) {
    [part=grid][data-beside] { grid-template-columns: minmax(0, 3fr) minmax(0, 1fr); align-items: start; }
    [part=grid][data-beside] [part~=main] { grid-column: 1; grid-row: 1 / span 3; }
    [part=grid][data-beside] [part~=tile]:not([part~=main]) { grid-column: 2; }
  }
  @media (prefers-reduced-motion: no-preference) { [part=tile-controls] { transition: opacity .15s; } }
`;
