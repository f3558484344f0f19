using Slipway.App.Cli;
using Slipway.Storage;

// Before a connector can open a connection of its own: see SqliteLibrary.
SqliteLibrary.Initialize();
return await CommandLine.RunAsync(args);
