using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>The part of a use case between source and actions: prepares rows and has them scored. Thread-safe.</summary>
internal sealed class Answering(BoundUseCase useCase, IScorer scorer)
{
    private bool MayBeSplit => useCase.Signature.Rows == RowRelation.Independent;

    /// <param name="rows">Columns as in <see cref="BoundUseCase.Source"/>; must outlive the answer.</param>
    /// <exception cref="NotFoundException">The model is not there.</exception>
    /// <exception cref="NotReadyException">The model moved meanwhile: bind again, and answer again.</exception>
    /// <exception cref="SlipwayException">The model cannot answer at all now; no fault of a row.</exception>
    public async ValueTask<Answer> AnswerAsync(Batch rows, CancellationToken cancellation)
    {
        var faults = new List<RowFault>();
        var prepared = Preparation.Of(useCase.Steps, rows, faults);
        var parts = new List<ScoredPart>();
        try
        {
            if (prepared.Origins.Length > 0) await ScoreAsync(prepared, 0, prepared.Origins.Length, parts, faults, cancellation);
            return Join(rows, prepared, parts, faults);
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
        finally
        {
            foreach (var part in parts) part.Dispose();
        }
    }

    /// <summary>A batch that the model refuses is halved until the rows that it refuses stand alone; one whose rows belong together is refused whole.</summary>
    private async ValueTask ScoreAsync(Preparation prepared, int start, int count, List<ScoredPart> parts, List<RowFault> faults, CancellationToken cancellation)
    {
        var range = new int[count];
        for (var i = 0; i < count; i++) range[i] = start + i;
        var whole = count == prepared.Origins.Length;
        var rows = whole ? prepared.Rows : prepared.Rows.Take(range);
        try
        {
            var scored = await scorer.InferAsync(useCase.Spec.Model, rows, allowExtra: true, cancellation);
            parts.Add(new ScoredPart(range, scored.Outputs, scored.Model, scored.Version));
            return;
        }
        catch (RecordException e) when (count == 1 || (e.Row is not null && !MayBeSplit))
        {
            ThrowIfMoved();
            faults.Add(new RowFault(prepared.Origins[start + (e.Row ?? 0)], "model", e.Reason));
            return;
        }
        catch (RecordException) when (MayBeSplit)
        {
            ThrowIfMoved();
        }
        finally
        {
            if (!whole) rows.Dispose();
        }
        await ScoreAsync(prepared, start, count / 2, parts, faults, cancellation);
        await ScoreAsync(prepared, start + (count / 2), count - (count / 2), parts, faults, cancellation);
    }

    /// <summary>Rows prepared for one signature and refused under another are not bad.</summary>
    private void ThrowIfMoved()
    {
        if (!scorer.SignatureOf(useCase.Spec.Model).Equals(useCase.Signature)) throw new NotReadyException($"{useCase.Spec.Model} moved to a version with other columns while rows were scored; they are scored again");
    }

    private Answer Join(Batch given, Preparation prepared, List<ScoredPart> parts, List<RowFault> faults)
    {
        foreach (var part in parts)
        {
            if (part.Version != parts[0].Version) throw new NotReadyException($"{useCase.Spec.Model} moved from version {parts[0].Version} to {part.Version} while rows were scored; they are scored again");
        }
        var outputs = useCase.Outputs.Columns(parts);
        try
        {
            var scored = Scored(prepared, parts);
            return new Answer(useCase, given, scored, outputs, faults, parts.Count == 0 ? null : parts[0]);
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    private static Preparation Scored(Preparation prepared, List<ScoredPart> parts)
    {
        var rows = new List<int>(prepared.Origins.Length);
        foreach (var part in parts) rows.AddRange(part.Rows);
        if (rows.Count == prepared.Origins.Length) return prepared;
        var taken = new Preparation(prepared.Rows.Take([.. rows]), [.. rows.Select(row => prepared.Origins[row])], Owned: true);
        prepared.Dispose();
        return taken;
    }
}
