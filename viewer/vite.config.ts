import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where the service looks for the built page: inside the package, so that a wheel carries it. */
const BUILT = fileURLToPath(new URL('../serving/viewer', import.meta.url));

export default defineConfig({
  base: '/viewer/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    // vtk.js asks for Node's "events", which Vite leaves empty in a browser: the page would die at its first line.
    alias: { events: fileURLToPath(new URL('node_modules/events/events.js', import.meta.url)) },
  },
  build: { outDir: BUILT, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4000 },
  server: { proxy: { '/api': service(), '/dicom-web': service() } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.{ts,tsx}'] },
});

/** The service that `npm run dev` asks. */
function service(): string {
  return process.env.HILUM ?? 'http://127.0.0.1:8000';
}
