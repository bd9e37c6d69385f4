namespace Ciel.Agent;
