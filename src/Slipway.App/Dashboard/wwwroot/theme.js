// Runs before the first paint, so that a chosen theme never flashes. Until one is chosen, the system decides.
try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch { /* storage is switched off: the system decides */ }
