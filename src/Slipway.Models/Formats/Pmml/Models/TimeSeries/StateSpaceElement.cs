using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>The element <c>StateSpaceModel</c> (PMML 4.4.1, Time Series). Its state vector is the state at the first forecast.</summary>
internal sealed record StateSpaceElement(Place Place, double Intercept, double Variance, double ObservationVariance) : SeriesMethod(Place, SeriesTransformation.None)
{
    private double[]? _state;
    private double[]? _intercepts;
    private bool _interceptsAreOfState;
    private MatrixElement? _transition;
    private MatrixElement? _measurement;
    private MatrixElement? _stateCovariance;
    private MatrixElement? _disturbance;
    private MatrixElement? _observation;

    public static StateSpaceElement Read(ElementReader e)
    {
        var model = new StateSpaceElement(e.Place, e.Number("intercept", 0), e.Number("variance", 1), e.Number("observationVariance", 0));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            switch (e.Name)
            {
                case "StateVector":
                    model._state = SeriesElements.ReadArray(e);
                    break;
                case "InterceptVector":
                    model._interceptsAreOfState = (e.Attribute("type") ?? "state") == "state";
                    model._intercepts = SeriesElements.ReadArray(e);
                    break;
                case "TransitionMatrix":
                    model._transition = SeriesElements.ReadMatrix(e);
                    break;
                case "MeasurementMatrix":
                    model._measurement = SeriesElements.ReadMatrix(e);
                    break;
                case "PredictedStateCovarianceMatrix":
                    model._stateCovariance = SeriesElements.ReadMatrix(e);
                    break;
                case "SelectedStateCovarianceMatrix":
                    model._disturbance = SeriesElements.ReadMatrix(e);
                    break;
                case "ObservationVarianceMatrix":
                    model._observation = SeriesElements.ReadMatrix(e);
                    break;
                case "DynamicRegressor":
                    throw e.Place.Unsupported("a regressor beside the series");
            }
        }
        return model;
    }

    public override Forecaster Bind(OriginalSeries series)
    {
        var state = _state ?? throw Place.Fault("it has no StateVector");
        var size = state.Length;
        if (size == 0) throw Place.Fault("its StateVector is empty");
        var transition = Require(_transition, "TransitionMatrix", size, size);
        var measurement = Require(_measurement, "MeasurementMatrix", 1, size);
        var (drift, intercept) = (new double[size], Intercept);
        if (_intercepts is { } intercepts)
        {
            var expected = _interceptsAreOfState ? size : 1;
            if (intercepts.Length != expected) throw Place.Fault($"its InterceptVector has {intercepts.Length} values, not {expected}");
            if (_interceptsAreOfState) drift = intercepts;
            else intercept += intercepts[0];
        }
        return new StateSpaceForecaster(state, transition, measurement, drift, intercept, Covariances(size));
    }

    private StateCovariances? Covariances(int size)
    {
        if (_stateCovariance is null || _disturbance is null) return null;
        var observation = _observation is null ? ObservationVariance : Require(_observation, "ObservationVarianceMatrix", 1, 1)[0];
        return new StateCovariances(
            Require(_stateCovariance, "PredictedStateCovarianceMatrix", size, size), Require(_disturbance, "SelectedStateCovarianceMatrix", size, size), observation, Variance);
    }

    private double[] Require(MatrixElement? matrix, string name, int rows, int columns)
    {
        if (matrix is null) throw Place.Fault($"it has no {name}");
        if (matrix.Rows != rows || matrix.Columns != columns) throw Place.Fault($"its {name} is {matrix.Rows} × {matrix.Columns}, not {rows} × {columns}");
        return [.. matrix.Values];
    }
}
