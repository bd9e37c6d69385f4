namespace Ciel.Console;
