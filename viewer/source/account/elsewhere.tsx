/** Signing in elsewhere, by OpenID Connect: there, and back to where one was. */

import { read, replace } from '../parts/route';
import type { WaysIn } from '../service/types';
import { say } from './words';

const KEPT = 'hilum.way-back';
const TOLD = ['sign-in-failed', 'not-allowed'] as const;

/** In this tab it comes back to the same place; in one of its own, what was written in this one stays. */
export function Elsewhere({ way, apart = false }: { way: NonNullable<WaysIn['oidc']>; apart?: boolean }) {
  const into = apart ? { target: '_blank', rel: 'noopener' } : {};
  return (
    <a class="button" href={way.url} {...into} onClick={() => apart || keepPlace()}>
      {say('signInWith', { name: way.name })}
    </a>
  );
}

/** After a refusal the page has no place of its own; the one from before that is still wanted. */
function keepPlace(): void {
  if (location.hash) sessionStorage.setItem(KEPT, location.hash);
}

/** Once somebody is signed in: on to the place that was left, if one was. */
export function goBack(): void {
  const hash = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (location.search) history.replaceState(null, '', `${location.pathname}${location.hash}`);
  if (hash && !location.hash) replace(read(hash));
}

/** Why the way back did not lead in; empty where it did, or nobody was away. */
export function whyNotLetIn(): string {
  const told = TOLD.find((kind) => kind === new URLSearchParams(location.search).get('not-let-in'));
  return told ? say(told) : '';
}
