using Slipway.App.Cli;

return await CommandLine.RunAsync(args);
