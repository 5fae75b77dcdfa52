import { render } from 'preact';
import '@preact/signals';
import { App } from './app';
import { language } from './language/language';
import { listen } from './service/events';
import { resumeOutbox } from './review/outbox';
import { followProgress } from './study/opened';
import './theme.css';

document.documentElement.lang = language.value;
listen();
followProgress();
resumeOutbox();
const host = document.getElementById('hilum');
if (host) render(<App />, host);
