using Slipway.Core;

namespace Slipway.App.Control;

/// <summary>Starts what is deployed, and takes in what other processes change on the same data folder.</summary>
public sealed partial class EngineService(Engine engine, TimeProvider time, ILogger<EngineService> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var interrupted = engine.Data.UseCases.RecoverRuns();
        if (interrupted > 0) LogRecovered(interrupted);
        await engine.Models.RefreshAsync(cancellationToken);
        await engine.UseCases.StartAsync(cancellationToken);
        await engine.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await engine.UseCases.DisposeAsync();
        await engine.FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await engine.RefreshAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogUnreadable(error is SlipwayException ? null : error, error.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} runs were cut off when the process ended; their rows come again")]
    private partial void LogRecovered(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "the deployed use cases cannot be read; what runs goes on: {Reason}")]
    private partial void LogUnreadable(Exception? error, string reason);
}
