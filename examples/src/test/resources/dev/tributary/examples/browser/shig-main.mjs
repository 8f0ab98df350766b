// SPDX-License-Identifier: Apache-2.0
// Makes a custom element of the component in Shig's package, which is used as it was published.
import "zone.js";
import "@angular/compiler";
import { Injector, NgModule } from "@angular/core";
import { createCustomElement } from "@angular/elements";
import { BrowserModule } from "@angular/platform-browser";
import { platformBrowserDynamic } from "@angular/platform-browser-dynamic";
import { LobbyComponent, ShigModule, httpInterceptorProviders } from "@shigde/core";

class Page {
  constructor(injector) {
    this.injector = injector;
  }

  ngDoBootstrap() {
    customElements.define("shig-lobby", createCustomElement(LobbyComponent, { injector: this.injector }));
  }
}
Page.parameters = [[Injector]];
NgModule({ imports: [BrowserModule, ShigModule], providers: [httpInterceptorProviders] })(Page);
platformBrowserDynamic()
  .bootstrapModule(Page)
  .catch((error) => console.error(error));
