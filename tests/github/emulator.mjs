// The stateful emulator, made to listen on loopback only and on a port that the system chooses; its own
// interface offers neither.

import net from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export async function startEmulator(modules, { tokens, users, publicUrl }) {
  const { createEmulator } = await import(pathToFileURL(join(modules, "emulate/dist/api.js")).href);
  const listen = net.Server.prototype.listen;
  let server;
  net.Server.prototype.listen = function (...ignored) {
    server = this;
    const callback = ignored.find((argument) => typeof argument === "function");
    return listen.call(this, { port: 0, host: "127.0.0.1" }, callback);
  };
  let emulator;
  try {
    emulator = await createEmulator({
      service: "github",
      baseUrl: publicUrl,
      seed: {
        tokens: Object.fromEntries(Object.entries(tokens).map(([login, token]) => [token, { login, scopes: ["repo", "user"] }])),
        github: { users: [...Object.keys(tokens), ...users].map((login) => ({ login })) },
      },
    });
  } finally {
    net.Server.prototype.listen = listen;
  }
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => emulator.close() };
}
