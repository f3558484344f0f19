using System.Diagnostics.CodeAnalysis;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>A model as the file says it: read first, bound when the fields around it are known.</summary>
internal abstract class ModelElement(ModelHeader header)
{
    public ModelHeader Header { get; } = header;

    /// <summary>Compiles the element itself; its targets and outputs are the caller's (see <see cref="ModelScope.BindChild"/>).</summary>
    /// <exception cref="Core.ModelException">Something in it is wrong or not supported.</exception>
    public abstract RowModel Bind(ModelScope scope);

    /// <summary>Reads the current element when it is a model.</summary>
    public static bool TryRead(ElementReader e, [NotNullWhen(true)] out ModelElement? model)
    {
        var name = e.Name;
        model = name switch
        {
            "AnomalyDetectionModel" => AnomalyDetection.AnomalyDetectionModel.Read(e),
            "AssociationModel" => Association.AssociationModel.Read(e),
            "BaselineModel" => Baseline.BaselineModel.Read(e),
            "BayesianNetworkModel" => BayesianNetwork.BayesianNetworkModel.Read(e),
            "ClusteringModel" => Clustering.ClusteringModel.Read(e),
            "GaussianProcessModel" => GaussianProcess.GaussianProcessModel.Read(e),
            "GeneralRegressionModel" => GeneralRegression.GeneralRegressionModel.Read(e),
            "MiningModel" => Mining.MiningModel.Read(e),
            "NaiveBayesModel" => NaiveBayes.NaiveBayesModel.Read(e),
            "NearestNeighborModel" => NearestNeighbor.NearestNeighborModel.Read(e),
            "NeuralNetwork" => NeuralNetwork.NeuralNetwork.Read(e),
            "RegressionModel" => Regression.RegressionModel.Read(e),
            "RuleSetModel" => RuleSet.RuleSetModel.Read(e),
            "Scorecard" => Scorecard.ScorecardModel.Read(e),
            "SequenceModel" => Sequence.SequenceModel.Read(e),
            "TextModel" => TextMining.TextModel.Read(e),
            "TimeSeriesModel" => TimeSeries.TimeSeriesModel.Read(e),
            "TreeModel" or "DecisionTree" => Tree.TreeModel.Read(e),
            "SupportVectorMachineModel" => SupportVectorMachine.SupportVectorMachineModel.Read(e),
            _ => null,
        };
        if (model is null) return false;
        e.Models[name] = e.Models.GetValueOrDefault(name) + 1;
        return true;
    }
}
