using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Ensembles;

namespace Slipway.Models.Formats.Pmml.Models.Mining;

/// <summary>
/// Trees and regressions that stand in a MiningModel without segments (PMML 3.2, Model Composition): they follow each other, and the result fields of one are
/// fields of those after it, as are result fields of models inside its nodes.
/// </summary>
internal static class CompositionBinder
{
    public static RowModel Bind(MiningModel model, ModelScope scope)
    {
        var elements = model.Embedded;
        var answering = model.HasSegmentation ? -1 : Answering(elements, scope.Target);
        var embedded = ImmutableArray.CreateBuilder<BoundModel>(elements.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < elements.Length; i++)
        {
            var element = elements[i];
            if (i == answering && element.Header.Function != model.Header.Function) throw element.Header.Place.Fault("it gives the MiningModel's result, but its functionName is another");
            var bound = scope.BindChild(element, scope.Fields, inheritTarget: i == answering, delivered: new DeliveredFields(scope.Program));
            foreach (var field in bound.Outputs.Concat(bound.Delivered))
            {
                if (!names.Add(field.Name)) throw element.Header.Place.Fault($"the result field '{field.Name}' is declared twice");
                scope.Fields.Declare(field);
            }
            embedded.Add(bound);
        }
        var models = embedded.DrainToImmutable();
        var segments = model.HasSegmentation ? model.BindSegments(scope) : null;
        var answer = segments ?? models[answering].Model;
        var members = models.Select(m => m.Model);
        if (segments is not null) members = members.Append(segments);
        var chain = new ChainModel(answer.Results, [.. members.Select(m => new EnsembleMember(ConstantPredicate.True, m, 1, null))], stopsAtMissing: false);
        return new ComposedModel(chain, answer, models);
    }

    /// <summary>The model with a result field of the target's name, else the last.</summary>
    private static int Answering(ImmutableArray<ModelElement> elements, BoundTarget target)
    {
        for (var i = elements.Length - 1; i >= 0; i--)
        {
            foreach (var field in elements[i].Header.Output)
            {
                if (field.Feature == OutputFeature.PredictedValue && field.Name == target.Name) return i;
            }
        }
        return elements.Length - 1;
    }

    /// <param name="chain">All of the models.</param>
    /// <param name="answer">The one whose result it is.</param>
    private sealed class ComposedModel(RowModel chain, RowModel answer, ImmutableArray<BoundModel> embedded) : WrappedModel(chain), IOutputSource, INestingModel
    {
        public ImmutableArray<BoundModel> Answering { get; } = answer is INestingModel nesting ? [.. embedded, .. nesting.Answering] : embedded;

        public RowExpression? TryBind(OutputField field, ModelScope scope) => (answer as IOutputSource)?.TryBind(field, scope);
    }
}
