// Our end of a guest's serial port: a unix socket that the emulator connects to when it starts.

import { createServer, type Socket } from 'node:net';

export interface SerialPort {
	/** Resolves once the emulator has connected. */
	readonly connected: Promise<Socket>;
	close(): void;
}

/** Listens at the path, which must be under 108 bytes (unix(7)). */
export async function listenAt(path: string): Promise<SerialPort> {
	const { promise: connected, resolve: connect } = Promise.withResolvers<Socket>();
	let socket: Socket | null = null;
	const server = createServer((connection) => {
		socket = connection;
		// Whoever reads notices the end; an emulator that was killed is no error here.
		connection.on('error', () => connection.destroy());
		server.close();
		connect(connection);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(path, resolve);
	});
	return {
		connected,
		close() {
			server.close();
			socket?.destroy();
		},
	};
}
