using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Pipelines.Actions;

namespace Slipway.Pipelines.UseCases;

/// <summary>
/// One action: the rows its condition lets through go to its sink, one delivery at a time. A <see cref="RecordException"/> of the sink means that it will never take
/// these rows: they are halved until the refused ones stand alone. Any other failure may pass, and is tried again.
/// </summary>
internal sealed class ActionRunner(string stage, BoundExpression? when, ISink sink, BackOff backOff, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="rows">Columns as in <see cref="BoundUseCase.Acted"/>.</param>
    /// <param name="refused">Gets rows that the sink will never take, by their number in <paramref name="rows"/>.</param>
    /// <param name="trouble">Told why an attempt failed before it is repeated, and null once it succeeded; without it the first failure is thrown.</param>
    /// <param name="stop">Ends waiting for the next attempt.</param>
    public async ValueTask RunAsync(Batch rows, string deliveryId, List<RowFault> refused, Action<string?>? trouble, CancellationToken cancellation, CancellationToken stop)
    {
        var chosen = Choose(rows);
        if (chosen.Length == 0) return;
        await _turn.WaitAsync(cancellation);
        try
        {
            await DeliverAsync(rows, chosen, deliveryId, refused, trouble, cancellation, stop);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await sink.DisposeAsync();
        _turn.Dispose();
    }

    private int[] Choose(Batch rows)
    {
        var count = rows.Rows;
        var passes = new bool[count];
        if (when is null) Array.Fill(passes, true);
        else when.Test(rows, passes);
        var chosen = new List<int>(count);
        for (var row = 0; row < count; row++)
        {
            if (passes[row]) chosen.Add(row);
        }
        return [.. chosen];
    }

    private async ValueTask DeliverAsync(
        Batch rows, int[] chosen, string deliveryId, List<RowFault> refused, Action<string?>? trouble, CancellationToken cancellation, CancellationToken stop)
    {
        var whole = chosen.Length == rows.Rows;
        var given = whole ? rows : rows.Take(chosen);
        try
        {
            await WriteAsync(given, deliveryId, trouble, cancellation, stop);
            return;
        }
        catch (RecordException e) when (chosen.Length == 1)
        {
            refused.Add(new RowFault(chosen[0], stage, e.Message));
            return;
        }
        catch (RecordException)
        {
        }
        finally
        {
            if (!whole) given.Dispose();
        }
        var half = chosen.Length / 2;
        await DeliverAsync(rows, chosen[..half], deliveryId + ".0", refused, trouble, cancellation, stop);
        await DeliverAsync(rows, chosen[half..], deliveryId + ".1", refused, trouble, cancellation, stop);
    }

    private async ValueTask WriteAsync(Batch rows, string deliveryId, Action<string?>? trouble, CancellationToken cancellation, CancellationToken stop)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await sink.WriteAsync(rows, deliveryId, cancellation);
                if (failures > 1) trouble!(null);
                return;
            }
            catch (Exception e) when (e is not RecordException && trouble is not null && !cancellation.IsCancellationRequested)
            {
                trouble($"{stage}: {e.Message}");
            }
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop);
            await Task.Delay(backOff.After(failures), time, either.Token);
        }
    }
}
