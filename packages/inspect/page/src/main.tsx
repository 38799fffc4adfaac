// The door of the page: React into its one element, the token out of the address.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './style.css';

// The cookie holds the token from here on; the address, which a history or a screenshot keeps, need not.
window.history.replaceState(null, '', window.location.pathname + window.location.hash);
createRoot(document.getElementById('page')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
