namespace Ciel.Services;
