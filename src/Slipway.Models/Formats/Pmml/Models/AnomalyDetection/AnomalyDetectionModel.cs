using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Anomalies;

namespace Slipway.Models.Formats.Pmml.Models.AnomalyDetection;

internal enum AnomalyAlgorithm : byte
{
    IsolationForest,
    OneClassSupportVectorMachine,
    ClusterMeanDistance,

    /// <summary>The model inside says by itself how anomalous a record is.</summary>
    Other,
}

/// <summary>The element <c>AnomalyDetectionModel</c>: a score made from what a model inside answers (PMML 4.4.1, Anomaly Detection Models).</summary>
internal sealed class AnomalyDetectionModel(
    ModelHeader header, AnomalyAlgorithm algorithm, int? sampleSize, ModelElement inner, ImmutableArray<double> meanDistances) : ModelElement(header)
{
    private static readonly Choices<AnomalyAlgorithm> Algorithms = new(
        ("iforest", AnomalyAlgorithm.IsolationForest), ("ocsvm", AnomalyAlgorithm.OneClassSupportVectorMachine),
        ("clusterMeanDist", AnomalyAlgorithm.ClusterMeanDistance), ("other", AnomalyAlgorithm.Other));

    public static AnomalyDetectionModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var algorithm = e.RequireChoice("algorithmType", Algorithms);
        var sampleSize = e.Integer("sampleDataSize");
        ModelElement? inner = null;
        ImmutableArray<double> distances = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (header.TryRead(e)) continue;
            if (e.Name == "MeanClusterDistances")
            {
                var arrayDepth = e.Depth;
                while (e.ReadChild(arrayDepth))
                {
                    if (e.Name is "Array" or "REAL-SparseArray" or "INT-SparseArray") distances = ArrayElement.ReadNumbers(e);
                }
            }
            else if (TryRead(e, out var model))
            {
                inner = model;
            }
        }
        if (inner is null) throw header.Place.Fault("it has no model inside, or one that is not supported");
        return new AnomalyDetectionModel(header, algorithm, sampleSize, inner, distances);
    }

    /// <summary>A child's targets are applied, its outputs are its own: a score is made from the predicted value.</summary>
    public override RowModel Bind(ModelScope scope)
    {
        var model = scope.BindChild(inner).Model;
        if (model.Results.Length > 1) throw Header.Place.Fault($"the model inside has {model.Results.Length} targets, one expected");
        switch (algorithm)
        {
            case AnomalyAlgorithm.IsolationForest:
                if (sampleSize is not >= 2) throw Header.Place.Fault("an isolation forest needs the attribute 'sampleDataSize', 2 or more");
                if (!model.Result.Type.IsNumeric) throw Header.Place.Fault("the model inside an isolation forest answers the path length, a number");
                return new IsolationScore(scope.NumberResult(), model, sampleSize.Value);
            case AnomalyAlgorithm.ClusterMeanDistance:
                var clusters = model.Result.Categories.Length;
                if (model.Result.Affinities < 0) throw Header.Place.Fault("clusterMeanDist needs a model with clusters inside");
                if (meanDistances.Length != clusters) throw Header.Place.Fault($"MeanClusterDistances has {meanDistances.Length} numbers, the model inside has {clusters} clusters");
                return new ClusterDistanceScore(scope.NumberResult(), model, [.. meanDistances]);
            default:
                return model;
        }
    }
}
