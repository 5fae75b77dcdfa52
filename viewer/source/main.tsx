import { effect } from '@preact/signals';
import { render } from 'preact';
import { goBack } from './account/elsewhere';
import { beginSession, checkSession, standing } from './account/session';
import { App } from './app';
import { language } from './language/language';
import { resumeOutbox } from './review/outbox';
import { listen } from './service/events';
import { followProgress } from './study/opened';
import { followAddress } from './worklist/list';
import { followLive } from './worklist/live';
import './theme.css';

document.documentElement.lang = language.value;
void beginSession();
followProgress();

// What happens in the service is heard, and what was not sent yet goes on, once somebody is signed in.
const stop = effect(() => {
  if (standing.value !== 'in') return;
  queueMicrotask(() => stop());
  goBack();
  followAddress();
  followLive();
  listen(checkSession);
  resumeOutbox();
});

const host = document.getElementById('hilum');
if (host) render(<App />, host);
