using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.GaussianProcesses;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Formats.Pmml.Models.GaussianProcess;

/// <summary>The element <c>GaussianProcessModel</c>: regression with its own uncertainty (PMML 4.4.1, Gaussian Process). The covariances of the training rows are factored when the model is bound.</summary>
internal sealed class GaussianProcessModel(ModelHeader header) : ModelElement(header)
{
    /// <summary>Factoring takes time with the third power of the rows: seconds for these.</summary>
    private const int MaxInstances = 4096;

    private Place _kernelPlace;
    private CovarianceKernel? _kernel;
    private double _noise;
    private TrainingInstances? _instances;

    public static GaussianProcessModel Read(ElementReader e)
    {
        var model = new GaussianProcessModel(new ModelHeader(e));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (model.Header.TryRead(e)) continue;
            if (e.Name == "TrainingInstances") model._instances = TrainingInstances.Read(e);
            else if (Kind(e.Name) is { } kind) model.ReadKernel(e, kind);
        }
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        var place = Header.Place;
        if (Header.Function != MiningFunction.Regression) throw place.Unsupported("a Gaussian process for anything but functionName=\"regression\"");
        var kernel = _kernel ?? throw place.Fault("it has no kernel");
        var instances = _instances ?? throw place.Fault("it has no TrainingInstances");
        var count = instances.Table.Rows.Length;
        if (count is 0 or > MaxInstances) throw instances.Place.Fault($"{count} rows; 1 to {MaxInstances} are allowed");
        var target = instances.Fields.FindIndex(f => f.Field == scope.Target.Name);
        if (target < 0) throw instances.Place.Fault($"no InstanceField is the target '{scope.Target.Name}'");
        var fields = instances.Fields.Where((_, i) => i != target).ToList();
        kernel = kernel with { Lambda = Lambda(kernel.Lambda, fields.Count) };
        var input = new VectorInput(scope.Program.Slots(fields.Count), [.. fields.Select(f => Input(f.Field, f.Place, scope))]);
        var points = Points(kernel, [.. fields.Select(instances.Column)], count);
        var set = new VectorSet(points, count);
        var factor = Factor(kernel, set, points, fields.Count);
        var weights = instances.Column(instances.Fields[target]);
        factor.Solve(weights);
        var result = scope.NumberResult();
        if (Header.Output.Any(o => o.Feature == OutputFeature.StandardDeviation)) result = result with { StandardDeviation = scope.Program.Slot() };
        return new Rows.GaussianProcesses.GaussianProcess(result, input, kernel, set, factor, weights, _noise, scope.Program.Slots(set.PaddedCount));
    }

    private static RowExpression Input(string field, Place place, ModelScope scope)
    {
        var value = scope.Fields.Resolve(field, place).Value;
        return value.Type == CellType.Text ? throw place.Fault($"the field '{field}' is text, a number is needed") : value;
    }

    /// <summary>One length scale for each field, or one for all.</summary>
    private ImmutableArray<double> Lambda(ImmutableArray<double> lambda, int fields)
    {
        if (lambda.Length == 1 && fields != 1) lambda = [.. Enumerable.Repeat(lambda[0], fields)];
        if (lambda.Length != fields) throw _kernelPlace.Fault($"{lambda.Length} length scales (Lambda) for {fields} fields");
        return lambda.All(l => l > 0) ? lambda : throw _kernelPlace.Fault("a length scale (lambda) is not positive");
    }

    /// <summary>The training points one after the other, scaled.</summary>
    private static double[] Points(CovarianceKernel kernel, double[][] columns, int count)
    {
        var points = new double[count * columns.Length];
        for (var row = 0; row < count; row++)
        {
            var point = points.AsSpan(row * columns.Length, columns.Length);
            for (var i = 0; i < point.Length; i++) point[i] = columns[i][row];
            kernel.Scale(point);
        }
        return points;
    }

    private CholeskyFactor Factor(CovarianceKernel kernel, VectorSet set, double[] points, int length)
    {
        var values = new double[set.PaddedCount];
        var lower = new double[set.Count][];
        for (var row = 0; row < lower.Length; row++)
        {
            kernel.Evaluate(set, points.AsSpan(row * length, length), values);
            lower[row] = values[..(row + 1)];
            lower[row][row] += _noise;
        }
        return CholeskyFactor.TryCreate(lower)
            ?? throw _kernelPlace.Fault("the covariance matrix of the training instances is not positive definite; a greater noiseVariance would make it so");
    }

    private static CovarianceKind? Kind(string element) => element switch
    {
        "RadialBasisKernel" or "ARDSquaredExponentialKernel" => CovarianceKind.SquaredExponential,
        "AbsoluteExponentialKernel" => CovarianceKind.AbsoluteExponential,
        "GeneralizedExponentialKernel" => CovarianceKind.GeneralizedExponential,
        _ => null,
    };

    private void ReadKernel(ElementReader e, CovarianceKind kind)
    {
        (_kernelPlace, _noise) = (e.Place, e.Number("noiseVariance", 1));
        var (gamma, degree) = (e.Number("gamma", 1), e.Number("degree", 1));
        if (!(_noise >= 0)) throw e.Fault($"noiseVariance=\"{_noise}\" is negative");
        ImmutableArray<double> lambda = [e.Number("lambda", 1)];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Lambda") lambda = ReadLambda(e);
        }
        _kernel = new CovarianceKernel(kind, gamma, lambda, degree);
    }

    private static ImmutableArray<double> ReadLambda(ElementReader e)
    {
        ImmutableArray<double> lambda = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name is "Array" or "REAL-SparseArray") lambda = ArrayElement.ReadNumbers(e);
        }
        return lambda;
    }
}
