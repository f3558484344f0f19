namespace Slipway.Models.Graph;

/// <summary>ai.onnx.ml (https://onnx.ai/onnx/operators/index.html#ai-onnx-ml). Where ONNX Runtime does more or other than the text says, it is followed.</summary>
internal static class LearningOperators
{
    private const string Domain = "ai.onnx.ml";

    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add(Domain, "TreeEnsembleClassifier", 0, 1, 1, 2, static n => new TreeEnsembleOperator(n));
        catalog.Add(Domain, "TreeEnsembleRegressor", 0, 1, 1, 1, static n => new TreeEnsembleOperator(n));
        catalog.Add(Domain, "TreeEnsemble", 5, 1, 1, 1, static n => new TreeEnsembleOperator(n));
        catalog.Add(Domain, "ArrayFeatureExtractor", 0, 2, 2, 1, static _ => new ArrayFeatureExtractor());
        catalog.Add(Domain, "Binarizer", 0, 1, 1, 1, static n => new Binarizer(n));
        catalog.Add(Domain, "CastMap", 0, 1, 1, 1, static n => new CastMap(n));
        catalog.Add(Domain, "CategoryMapper", 0, 1, 1, 1, static n => new CategoryMapper(n, n.Texts("cats_strings") ?? [], n.Ints("cats_int64s") ?? []));
        catalog.Add(Domain, "DictVectorizer", 0, 1, 1, 1, static n => DictVectorizer.Create(n));
        catalog.Add(Domain, "FeatureVectorizer", 0, 1, int.MaxValue, 1, static n => new FeatureVectorizer(n));
        catalog.Add(Domain, "Imputer", 0, 1, 1, 1, static n => new Imputer(n));
        catalog.Add(Domain, "LabelEncoder", 1, 1, 1, 1, static n => CategoryMapper.OfClasses(n));
        catalog.Add(Domain, "LabelEncoder", 2, 1, 1, 1, static n => LabelEncoding.Create(n));
        catalog.Add(Domain, "LinearClassifier", 0, 1, 1, 2, static n => new LinearClassifier(n));
        catalog.Add(Domain, "LinearRegressor", 0, 1, 1, 1, static n => new LinearRegressor(n));
        catalog.Add(Domain, "Normalizer", 0, 1, 1, 1, static n => new Normalizer(n));
        catalog.Add(Domain, "OneHotEncoder", 0, 1, 1, 1, static n => new OneHotEncoder(n));
        catalog.Add(Domain, "Scaler", 0, 1, 1, 1, static n => new Scaler(n));
        catalog.Add(Domain, "SVMClassifier", 0, 1, 1, 2, static n => new SvmClassifier(n));
        catalog.Add(Domain, "SVMRegressor", 0, 1, 1, 1, static n => new SvmRegressor(n));
        catalog.Add(Domain, "ZipMap", 0, 1, 1, 1, static n => new ZipMap(n));
    }
}
