// The token as it is now: signing in again, in whatever tab, makes a new one, and the one in this page then counts no more.
export const csrf = (written) => document.cookie.match(/(?:^|; )[^=;]*csrf[^=;]*=([^;]+)/)?.[1] ?? written;
